#!/usr/bin/env bash
# TensorFlow.js sizes the output of a convolution or pool with a number for its padding by the height of the window alone.
#
# With pad a number, computeOutputShape2D of TensorFlow.js 4.22.0 takes the height of the window and the stride along it for both
# axes. tf.conv1d is a convolution of height 1, so that pad 0 is not pad 'valid': a window of 3 over 9 steps gives 9 outputs
# instead of 7, the last two of partial windows. tf.conv2d and tf.maxPool with windows that are not square give rows or
# columns too many or too few; of a window of 3×1, the last two columns are lost. There is no message. The way out is pad
# 'valid', or a pad for each side, such as [[0, 0], [0, 0], [1, 1], [0, 0]], which are right.
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
const steps = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 9, 1]), image = tf.ones([1, 5, 9, 1]);
const sides = [[0, 0], [0, 0], [0, 0], [0, 0]];
let changed = false;
function expect(what, t, want) {
  const got = t.rank === 3 ? t.dataSync().join(' ') : t.shape.slice(1, 3).join('×');
  console.log(`${what}: ${got}`);
  if (got !== want) {
    console.log(`changed: expected ${want}`);
    changed = true;
  }
}
expect("conv1d, window 3, pad 'valid'", tf.conv1d(steps, tf.ones([3, 1, 1]), 1, 'valid'), '6 9 12 15 18 21 24');
expect('conv1d, window 3, pad 0', tf.conv1d(steps, tf.ones([3, 1, 1]), 1, 0), '6 9 12 15 18 21 24 17 9');
for (const [window, valid, zero] of [[[1, 3], '5×7', '5×9'], [[3, 1], '3×9', '3×7'], [[3, 3], '3×7', '3×7']]) {
  const name = window.join('×');
  for (const [pad, want] of [['valid', valid], [sides, valid], [0, zero]]) {
    expect(`5×9, conv2d, window ${name}, pad ${JSON.stringify(pad)}`, tf.conv2d(image, tf.ones([...window, 1, 1]), 1, pad), want);
    expect(`5×9, maxPool, window ${name}, pad ${JSON.stringify(pad)}`, tf.maxPool(image, window, 1, pad), want);
  }
}
expect("5×9, maxPool, window 1×1, strides 1×4, pad 'valid'", tf.maxPool(image, 1, [1, 4], 'valid'), '5×3');
expect('5×9, maxPool, window 1×1, strides 1×4, pad 0', tf.maxPool(image, 1, [1, 4], 0), '5×9');
process.exit(changed ? 1 : 0);
JS
node main.js 2>/dev/null
