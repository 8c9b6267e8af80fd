#!/bin/sh
# From nothing to a trained network, its accuracy on new samples and a picture of its masks.
set -eu
out=${1:-quickstart}
mkdir -p "$out"
field='--size 32 --scales 1.5,2.5:8,14'

# Opposite edges of these textures meet, so that one that is mirrored or rolled is as good as a new one.
gpgen -n 100 $field --seed 1 |
	bdtrain --mask fine=0.8:NHW --augment flip,roll --epochs 100 --lr 3e-3 --schedule cosine --quiet -o "$out/model.tar.zst"
gpgen -n 200 $field --seed 2 | bdeval -m "$out/model.tar.zst" --ci 0.95
maskviz -m "$out/model.tar.zst" -o "$out/masks.png"
echo "the masks are in $out/masks.png"
