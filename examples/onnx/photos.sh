#!/bin/sh
# From a folder of pictures to an ONNX file that says of new pictures what bdeval predict says: photos.sh [PHOTOS [NEW [FLAGS of bdtrain]]],
# such as photos.sh photos new --resize 64 for pictures of several sizes. It needs NumPy, Pillow, Node.js and onnxruntime-node
# (make onnxruntime, and NODE_PATH=out/peers/node_modules).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
photos=${1:-photos} new=${2:-new}
shift $(($# < 2 ? $# : 2))

bdtrain "$photos" --augment flip --epochs 20 --quiet "$@" -o model.tar
bdeval predict -m model.tar "$new" > ours.csv
bdtrain export model.tar > model.onnx
"${PYTHON:-python3}" "$here/photos.py" model.tar "$new" x.npy
node "$here/predict.js" model.onnx x.npy > theirs.csv
"${PYTHON:-python3}" - <<'PY'
import csv
ours = [[float(p) for p in row[3:]] for row in list(csv.reader(open("ours.csv")))[1:]]
theirs = [[float(p) for p in row[1:]] for row in list(csv.reader(open("theirs.csv")))[1:]]
print(len(ours), "pictures, the largest difference of a probability is %.1g" % max(abs(p - q) for a, b in zip(ours, theirs, strict=True) for p, q in zip(a, b, strict=True)))
PY
