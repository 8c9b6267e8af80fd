#!/bin/sh
# Arrays to NumPy and back: textures as .npy, changed in Python, trained on, and the scores of others read in Python again.
# Needs Python with NumPy.
set -eu
out=${1:-numpy}
mkdir -p "$out"
cd "$out"

draw() { gpgen -n "$2" --size 32 --scales 1.5,2.5:8,14 --seed "$3" --format npy --labels "$1-y.npy" -o "$1.npy"; }
draw train 200 1
draw test 400 2
"${PYTHON:-python3}" - <<'PY'
import numpy as np
for part in "train", "test":
    x, y = np.load(part + ".npy"), np.load(part + "-y.npy")
    print(part, x.shape, x.dtype, "labels", np.bincount(y))
    np.save(part + "-x.npy", np.stack([x, x**2], axis=1))  # two channels: [N,C,H,W]
PY

bdtrain train-x.npy --labels train-y.npy --axes NCHW --no-masks --augment flip,roll --epochs 100 --lr 3e-3 --schedule cosine \
	--quiet -o model.tar.zst
bdeval -m model.tar.zst test-x.npy --labels test-y.npy --axes NCHW --scores-out scores.npy > metrics.txt
"${PYTHON:-python3}" - <<'PY'
import numpy as np
scores, y = np.load("scores.npy"), np.load("test-y.npy")
print("scores", scores.shape, "accuracy %.4f" % (scores.argmax(1) == y).mean())
PY
grep '^accuracy' metrics.txt
