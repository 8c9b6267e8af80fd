#!/bin/sh
# Volumes: a residual network learns the fine grain of 60 and tells that of 60 others. SIDE=32 takes a third of the time.
set -eu
out=${1:-volumes}
side=${SIDE:-48}
mkdir -p "$out"
draw() { gpgen -n 60 --shape "$side,$side,$side" --scales 1.5,2.5:8 "$@"; }

# Opposite faces of these volumes meet, so that a volume that is mirrored or shifted round is as good as a new one.
draw --seed 1 |
	bdtrain --net residual --mask fine=0.8 --augment flip,roll --epochs 60 --quiet -o "$out/model.tar.zst"
draw --seed 2 | bdeval -m "$out/model.tar.zst" --metrics accuracy,auc,confusion --ci 0.95
maskviz -m "$out/model.tar.zst" -o "$out/masks.png"
echo "the masks are in $out/masks.png"
