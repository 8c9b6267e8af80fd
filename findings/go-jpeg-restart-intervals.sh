#!/usr/bin/env bash
# Go's image/jpeg refuses progressive JPEGs with restart markers whose chroma is subsampled.
#
# A scan of one component is coded block by block, and only of the blocks that the image reaches into: there an MCU, of which the
# restart interval is a number, is one block (ITU-T T.81, A.2.2 and B.2.4.4). image/jpeg of Go 1.26.8 counts those of scans of several
# components instead, 16×16 pixels with 4:2:0, and so looks for a marker where there is none: "invalid JPEG format: missing
# 0xff00 sequence". So it is with the progressive files of `cjpeg -sample 2x2 -restart 1` (libjpeg-turbo 2.1.5), and with
# baseline ones of a scan for each component. Without restart markers, with 4:4:4, or interleaved, all is well. djpeg and Pillow
# read them all. The way out is to write them anew without: jpegtran -restart 0.
#
# Needs Debian 12 on amd64 with apt-get and dpkg, and Go, which takes its version 1.26.8 where it is another. The packages go to a
# temporary folder; nothing is installed. Exit code 0: as described; 1: it has changed.
set -euo pipefail

packages=(libjpeg-turbo-progs=1:2.1.5-2 libjpeg62-turbo=1:2.1.5-2 libturbojpeg0=1:2.1.5-2)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "${packages[@]}" 2>/dev/null || { echo "cannot download ${packages[*]}" >&2; exit 1; }
for p in *.deb; do dpkg -x "$p" unpacked; done
export PATH=$work/unpacked/usr/bin:$PATH LD_LIBRARY_PATH=$work/unpacked/usr/lib/x86_64-linux-gnu GOTOOLCHAIN=go1.26.8 GOFLAGS=-mod=mod

cat > go.mod <<'GO'
module decode
go 1.26
GO
cat > main.go <<'GO'
package main

import (
	"fmt"
	"image/jpeg"
	"os"
)

func main() {
	if _, err := jpeg.Decode(os.Stdin); err != nil {
		fmt.Println(err)
	} else {
		fmt.Println("read")
	}
}
GO
go build -o decode .
go version decode
cjpeg -version 2>&1 | head -n 1

{ # a picture of 56×40
	printf 'P6\n56 40\n255\n'
	for i in $(seq 0 2239); do printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x' $((i % 56 * 4)) $((i / 56 * 6)) $((i % 251)))"; done
} > picture.ppm
printf '0;\n1;\n2;\n' > scans.txt

changed=0
# try SAYS FLAGS… writes the picture with cjpeg, which djpeg has to read, and looks what Go says of it.
try() {
	local says=$1 got
	shift
	cjpeg "$@" -outfile file.jpg picture.ppm
	djpeg file.jpg > djpeg.ppm 2> djpeg.txt
	got=$(./decode < file.jpg)
	printf 'cjpeg %-44s djpeg: read%s; Go: %s\n' "$*" "$(tr '\n' ' ' < djpeg.txt)" "$got"
	if [[ $got != *"$says"* || -s djpeg.txt ]]; then
		echo "expected of djpeg no warning, and of Go: $says"
		changed=1
	fi
}
try read -sample 2x2 -progressive
try read -sample 1x1 -progressive -restart 1
try read -sample 2x2 -restart 1
try 'missing 0xff00 sequence' -sample 2x2 -progressive -restart 1
try 'missing 0xff00 sequence' -sample 2x2 -progressive -restart 1B
try 'missing 0xff00 sequence' -sample 2x1 -progressive -restart 1
try 'missing 0xff00 sequence' -sample 2x2 -scans scans.txt -restart 1
exit $changed
