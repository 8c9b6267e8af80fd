#!/bin/sh
# Your own images: a folder a class, packed with tar. A sample is an image and a .cls file of the same name with its
# class in it.
set -eu
out=${1:-images}
mkdir -p "$out"
cd "$out"

# Stand-ins for your images: rough/0000.png … and smooth/0001.png …
gpgen -n 40 --size 32 --scales 2,6 --power 1 | topng 2=rough 6=smooth

# Pack them. The path up to the first dot is the name of the sample; files of the same name have to be next to each other.
for class in rough smooth; do
	for image in "$class"/*.png; do
		echo "$class" > "${image%.png}.cls"
	done
done
mkdir -p __meta__
echo '{"classes": ["rough", "smooth"]}' > __meta__/dataset.json
find __meta__ rough smooth -type f | LC_ALL=C sort | tar -cf images.tar -T -

bdtrain images.tar --val-fraction 0.25 --epochs 4 --quiet -o model.tar.zst
bdeval -m model.tar.zst images.tar
