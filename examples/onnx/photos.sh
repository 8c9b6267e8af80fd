#!/bin/sh
# From a folder of pictures to an ONNX file that says of new pictures what bdeval predict says. It needs NumPy, Pillow, Node.js and
# onnxruntime-node (make onnxruntime, and NODE_PATH=out/peers/node_modules).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
photos=${1:-photos} new=${2:-new}

bdtrain "$photos" --augment flip --epochs 20 --quiet -o model.tar.zst
bdeval predict -m model.tar.zst "$new" > ours.csv
bdtrain export model.tar.zst > model.onnx
"${PYTHON:-python3}" - "$new" <<'PY' # the pictures in the order of their names, as red, green and blue from 0 to 1
import pathlib, sys
import numpy as np
from PIL import Image
names = sorted(pathlib.Path(sys.argv[1]).rglob("*.*"), key=str)
x = [np.asarray(Image.open(name).convert("RGB"), "f4").transpose(2, 0, 1) / 255 for name in names]
np.save("x.npy", np.stack(x))
PY
node "$here/predict.js" model.onnx x.npy > theirs.csv
"${PYTHON:-python3}" - <<'PY'
import csv
ours = [[float(p) for p in row[3:]] for row in list(csv.reader(open("ours.csv")))[1:]]
theirs = [[float(p) for p in row[1:]] for row in list(csv.reader(open("theirs.csv")))[1:]]
print(len(ours), "pictures, the largest difference of a probability is %.1g" % max(abs(p - q) for a, b in zip(ours, theirs, strict=True) for p, q in zip(a, b, strict=True)))
PY
