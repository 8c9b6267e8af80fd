#!/bin/sh
# From nothing to a trained network, its accuracy on new samples and a picture of its masks.
set -eu
out=${1:-quickstart}
mkdir -p "$out"
field='--size 32 --scales 1.5,2.5:8,14'

gpgen -n 80 $field --seed 1 | bdtrain --epochs 10 --mask fine=0.8:NHW --quiet -o "$out/model.tar.zst"
gpgen -n 80 $field --seed 2 | bdeval -m "$out/model.tar.zst"
maskviz -m "$out/model.tar.zst" -o "$out/masks.png"
echo "the masks are in $out/masks.png"
