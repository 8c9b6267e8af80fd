#!/bin/sh
# Time series instead of images: sequences of 256 steps, open at both ends, of an exponential covariance.
set -eu
mkdir -p sequences
cat > sequences/net.txt <<'NET'
input c=1 h=1 w=256
conv out=16 kernel=5 stride=2 pad=2
relu
conv out=16 kernel=5 stride=2 pad=2
relu
backdrop name=fine p=0.5 axes=NW
gap
linear out=4
NET
draw() { gpgen --shape 256 --kernel matern12 --boundary open --scales 2,6:20,60 "$@"; }

draw -n 200 --seed 1 | bdtrain --net sequences/net.txt --epochs 20 --quiet > sequences/model.tar.zst
draw -n 200 --seed 2 > sequences/test.tar.zst
bdeval -m sequences/model.tar.zst --metrics accuracy sequences/test.tar.zst
maskviz -m sequences/model.tar.zst --mode gradient sequences/test.tar.zst > sequences/gradient.png
echo "the gradient is in sequences/gradient.png"
