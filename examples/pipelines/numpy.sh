#!/bin/sh
# Arrays to NumPy and back: textures as .npy, changed in Python, trained on, and the scores read in Python again.
set -eu
out=${1:-numpy}
mkdir -p "$out"
cd "$out"

gpgen -n 40 --size 32 --scales 1.5,2.5:8,14 --format npy --labels y.npy > x.npy
"${PYTHON:-python3}" - <<'PY'
import numpy as np
x, y = np.load("x.npy"), np.load("y.npy")
print("x", x.shape, x.dtype, "labels", np.bincount(y))
np.save("x2.npy", np.stack([x, x**2], axis=1))  # two channels: [N,C,H,W]
PY

bdtrain x2.npy --labels y.npy --epochs 2 --quiet -o model.tar.zst
bdeval -m model.tar.zst x2.npy --labels y.npy --scores-out scores.npy > metrics.txt
"${PYTHON:-python3}" - <<'PY'
import numpy as np
scores, y = np.load("scores.npy"), np.load("y.npy")
print("scores", scores.shape, "accuracy %.4f" % (scores.argmax(1) == y).mean())
PY
grep '^accuracy' metrics.txt
