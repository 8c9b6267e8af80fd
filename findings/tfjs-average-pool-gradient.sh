#!/usr/bin/env bash
# TensorFlow.js's gradient of a padded average pool is not that of its forward pass.
#
# Forward, tf.avgPool and tf.avgPool3d of TensorFlow.js 4.22.0 (backend cpu) divide a window's sum by the number of its elements
# that lie inside the input, as TensorFlow does. Backward they divide by that of the whole window. With pad 'same' the
# gradients at the borders are too small: of x = 1, 2, 3 under a window of 3, the outputs are (x0+x1)/2, (x0+x1+x2)/3 and
# (x1+x2)/2, so their sum has the gradient 5/6, 8/6, 5/6; they return 4/6, 6/6, 4/6. A network trains all the same, on
# gradients that belong to no loss. There is no message. Without padding (pad 'valid') the gradient is right.
#
# Needs Node.js and npm. The package (29 MiB) goes to a temporary folder. Exit code 0: as described; 1: it has changed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent @tensorflow/tfjs@4.22.0 >/dev/null
tar -xzf tensorflow-tfjs-4.22.0.tgz package/dist/tf.min.js
cat > main.js <<'JS'
const tf = require('./package/dist/tf.min.js');
tf.setBackend('cpu');
console.log('TensorFlow.js', tf.version_core, 'Node.js', process.version);
let changed = false;
for (const [name, shape, pool] of [
  ['avgPool', [1, 1, 3, 1], x => tf.avgPool(x, [1, 3], 1, 'same')],
  ['avgPool3d', [1, 1, 1, 3, 1], x => tf.avgPool3d(x, [1, 1, 3], 1, 'same')],
]) {
  const text = t => Array.from(t.dataSync(), v => v.toFixed(3)).join(' ');
  const at = values => pool(tf.tensor(values, shape));
  const sum = values => at(values).dataSync().reduce((a, b) => a + b);
  const slope = [0, 1, 2].map(i => (sum([1, 2, 3].map((v, j) => v + (i === j))) - sum([1, 2, 3])).toFixed(3)).join(' '); // it is linear
  const output = text(at([1, 2, 3])), gradient = text(tf.grad(x => tf.sum(pool(x)))(tf.tensor([1, 2, 3], shape)));
  console.log(`${name}: output ${output}; when an input grows by 1 their sum grows by ${slope}; the gradient says ${gradient}`);
  changed = changed || output !== '1.500 2.000 2.500' || slope !== '0.833 1.333 0.833' || gradient !== '0.667 1.000 0.667';
}
if (changed) console.log('changed: expected the output 1.5 2 2.5, 0.833 1.333 0.833, and the gradient 0.667 1.000 0.667');
process.exit(changed ? 1 : 0);
JS
node main.js 2>/dev/null
