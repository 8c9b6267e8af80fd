#!/usr/bin/env bash
# ONNX Runtime's Sigmoid on the CPU is not monotone below −14, and 0 from −18 on.
#
# onnxruntime-node 1.30.0 approximates it to about 1e-7, which is far off where the value is small: at −16 it is 5.96e-8
# instead of 1.125e-7, at −16.25 it is larger, 1.49e-7 instead of 8.76e-8, and from −18 on it is 0 instead of 1.5e-8. So probabilities
# of two classes by Sigmoid lose their order, and their logarithm is infinite. Softmax of [0, x] and
# 1/(1 + Exp(−x)) are right to the last digits of float32 (relative error below 1e-6 down to −80).
#
# Needs Node.js, npm and an x86-64 processor. The package goes to a temporary folder. Exit code 0: as described; 1: it has changed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --ignore-scripts --no-audit --no-fund --no-save onnxruntime-node@1.30.0 >/dev/null
cat > main.js <<'JS'
const ort = require('onnxruntime-node');
// A model in IR version 8 and operator set 17 as the bytes of its protobuf message (onnx.proto). A node is [operator, inputs, output].
const varint = n => n < 128 ? [n] : [n % 128 + 128, ...varint(Math.floor(n / 128))];
const number = (field, n) => [...varint(8 * field), ...varint(n)];
const bytes = (field, b) => [...varint(8 * field + 2), ...varint(b.length), ...b];
const text = (field, s) => bytes(field, [...Buffer.from(s)]);
const value = name => [...text(1, name), ...bytes(2, bytes(1, number(1, 1)))]; // float32 of any shape
const one = [...number(2, 1), ...text(8, 'one'), ...bytes(9, [0, 0, 128, 63])];
const model = (nodes, inputs, output) => Uint8Array.from([...number(1, 8), ...bytes(8, number(2, 17)), ...bytes(7, [
  ...nodes.flatMap(([op, from, to]) => bytes(1, [...from.flatMap(name => text(1, name)), ...text(2, to), ...text(4, op)])),
  ...text(2, 'graph'), ...bytes(5, one), ...inputs.flatMap(name => bytes(11, value(name))), ...bytes(12, value(output))])]);
const graphs = {
  'Sigmoid(x)': model([['Sigmoid', ['x'], 'y']], ['x'], 'y'),
  '1/(1 + Exp(-x))': model([['Neg', ['x'], 'n'], ['Exp', ['n'], 'e'], ['Add', ['e', 'one'], 'd'], ['Div', ['one', 'd'], 'y']], ['x'], 'y'),
  'Softmax([0, x])[1]': model([['Softmax', ['x'], 'y']], ['x'], 'y'),
};
async function run(name, x) {
  const session = await ort.InferenceSession.create(graphs[name]), pairs = name.startsWith('Softmax');
  const values = pairs ? x.flatMap(v => [0, v]) : x;
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(values), pairs ? [x.length, 2] : [x.length]) });
  return [...y.data].filter((_, i) => !pairs || i % 2 === 1);
}
(async () => {
  console.log('onnxruntime-node', require('onnxruntime-node/package.json').version, 'Node.js', process.version);
  let changed = false;
  const expect = (what, holds) => { console.log(`${holds ? 'yes' : 'no, changed'}: ${what}`); changed = changed || !holds; };
  const x = [-14, -16, -16.25, -17.75, -18, -30, -80], right = x.map(v => 1 / (1 + Math.exp(-v)));
  for (const name in graphs) {
    const y = await run(name, x);
    x.forEach((v, i) => console.log(`${name} of ${v}: ${y[i].toPrecision(4)}, right is ${right[i].toPrecision(4)}`));
    if (name === 'Sigmoid(x)') {
      const steps = Array.from({ length: 64 }, (_, i) => -14 - i / 16), s = await run(name, steps);
      expect('between -14 and -18, in steps of 1/16, Sigmoid rises where x falls', s.some((v, i) => i > 0 && v > s[i - 1]));
      expect('Sigmoid is 0 from -18 on', y[3] > 0 && y.slice(4).every(v => v === 0));
    } else {
      expect(`${name} is right to 1e-6`, y.every((v, i) => Math.abs(v / right[i] - 1) < 1e-6));
    }
  }
  process.exit(changed ? 1 : 0);
})();
JS
node main.js 2>/dev/null # which has a warning about a constant that one of the graphs does not use
