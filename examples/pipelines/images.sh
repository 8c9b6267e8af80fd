#!/bin/sh
# Your own images: a folder a class. Others, which the network has not seen, say how good it is.
set -eu
out=${1:-images}
mkdir -p "$out/photos" "$out/unseen"
cd "$out"

# Stand-ins for your images: photos/rough/000000.png …, photos/smooth/000001.png …, and likewise in unseen.
(cd photos && gpgen -n 60 --size 32 --scales 2,6 --power 1 --seed 1 | topng 2=rough 6=smooth)
(cd unseen && gpgen -n 200 --size 32 --scales 2,6 --power 1 --seed 2 | topng 2=rough 6=smooth)

bdtrain photos/ --quiet -o model.tar.zst
bdeval -m model.tar.zst unseen/ --metrics accuracy,confusion --ci 0.95
