#!/usr/bin/env bash
# ONNX Runtime's MaxPool on the CPU drops NaN, and makes finite numbers of windows without any.
#
# In onnxruntime-node 1.30.0 a NaN among a window's elements is as if it were not there: MaxPool of [1, NaN] is 1. Of a window of
# NaN alone it is -3.4028235e38, the lowest float32, and so it is of one of -Infinity alone. So a broken input gives results that
# look sound, without a message; PyTorch's max_pool2d gives NaN, NaN and -Infinity. GlobalMaxPool of [1, NaN, 3, 2] is 3, and of NaN
# alone NaN.
#
# Needs Node.js, npm and an x86-64 processor. The package goes to a temporary folder. Exit code 0: as described; 1: it has changed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --ignore-scripts --no-audit --no-fund --no-save onnxruntime-node@1.30.0 >/dev/null
cat > main.js <<'JS'
const ort = require('onnxruntime-node');
// A model of one operator in IR version 8 and operator set 17, as the bytes of its protobuf message (onnx.proto).
const varint = n => n < 128 ? [n] : [n % 128 + 128, ...varint(Math.floor(n / 128))];
const number = (field, n) => [...varint(8 * field), ...varint(n)];
const bytes = (field, b) => [...varint(8 * field + 2), ...varint(b.length), ...b];
const text = (field, s) => bytes(field, [...Buffer.from(s)]);
const shape = bytes(2, Array(3).fill(bytes(1, text(2, 'd'))).flat()); // three axes
const value = (name, ...more) => [...text(1, name), ...bytes(2, bytes(1, [...number(1, 1), ...more]))];
function model(op, ints) {
  const attributes = Object.entries(ints).flatMap(([name, n]) => bytes(5, [...text(1, name), ...number(8, n), ...number(20, 7)]));
  const node = [...text(1, 'x'), ...text(2, 'y'), ...text(4, op), ...attributes];
  return Uint8Array.from([...number(1, 8), ...bytes(8, number(2, 17)),
    ...bytes(7, [...bytes(1, node), ...text(2, 'graph'), ...bytes(11, value('x', ...shape)), ...bytes(12, value('y'))])]);
}
(async () => {
  console.log('onnxruntime-node', require('onnxruntime-node/package.json').version, 'Node.js', process.version);
  let changed = false;
  const lowest = -3.4028234663852886e38;
  for (const [op, ints, x, want] of [
    ['MaxPool', { kernel_shape: 2, strides: 2 }, [1, NaN, NaN, 3], [1, 3]],
    ['MaxPool', { kernel_shape: 2, strides: 2 }, [NaN, NaN, -Infinity, -Infinity], [lowest, lowest]],
    ['GlobalMaxPool', {}, [1, NaN, 3, 2], [3]],
    ['GlobalMaxPool', {}, [NaN, NaN, NaN, NaN], [NaN]],
  ]) {
    const session = await ort.InferenceSession.create(model(op, ints));
    const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(x), [1, 1, 4]) });
    console.log(`${op} of [${x}]${ints.strides ? ', windows of 2' : ''}: [${[...y.data]}]`);
    if (y.data.length !== want.length || !want.every((v, i) => Object.is(v, y.data[i]))) {
      console.log(`changed: expected [${want}]`);
      changed = true;
    }
  }
  process.exit(changed ? 1 : 0);
})();
JS
node main.js
