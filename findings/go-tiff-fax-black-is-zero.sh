#!/usr/bin/env bash
# golang.org/x/image/tiff inverts fax-compressed TIFFs whose PhotometricInterpretation is BlackIsZero.
#
# CCITT compression codes runs of 0 and of 1, "white" and "black" in its own words, and PhotometricInterpretation says which of the
# two is black (TIFF 6.0, sections 3, 10 and 11): with BlackIsZero a pixel 0 is black as in any other file. x/image/tiff v0.48.0 makes
# the fax's white runs white whatever the tag says, so that what Pillow (by libtiff) writes and reads comes out as its negative, without
# a message. WhiteIsZero, which faxes have, is right, and so are both without compression and with PackBits. libtiff (in Pillow, and
# its tiff2rgba) agrees with the tag throughout. The way out is to write WhiteIsZero, or another compression.
#
# Needs Debian 12 on amd64 with apt-get, dpkg and python3, and Go. The packages go to a temporary folder; nothing is installed. Exit
# code 0: as described; 1: it has changed.
set -euo pipefail

packages=(python3-pil=9.4.0-1.1+deb12u1 libtiff-tools=4.5.0-6+deb12u4 libtiff6=4.5.0-6+deb12u4 libjpeg62-turbo libopenjp2-7 libimagequant0
	libgomp1 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0 libwebp7 libwebpdemux2 libwebpmux3 liblerc4 libjbig0 libdeflate0)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "${packages[@]}" 2>/dev/null || { echo "cannot download ${packages[*]}" >&2; exit 1; }
for p in *.deb; do dpkg -x "$p" unpacked; done
export LD_LIBRARY_PATH=$work/unpacked/usr/lib/x86_64-linux-gnu PYTHONPATH=$work/unpacked/usr/lib/python3/dist-packages
export PATH=$work/unpacked/usr/bin:$PATH GOFLAGS=-mod=mod

cat > go.mod <<'GO'
module decode
go 1.26
require golang.org/x/image v0.48.0
GO
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"golang.org/x/image/tiff"
)

func main() {
	for _, name := range os.Args[1:] {
		f, err := os.Open(name)
		if err != nil {
			panic(err)
		}
		img, err := tiff.Decode(f)
		if err != nil {
			panic(err)
		}
		white := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, _, _, _ := img.At(x, y).RGBA(); r > 0x7fff {
					white++
				}
			}
		}
		fmt.Println(white)
	}
}
GO
go mod download -json golang.org/x/image@v0.48.0 > /dev/null
go build -o decode .

cat > main.py <<'PY'
import subprocess, sys, PIL.Image
from PIL import features

print("Pillow", PIL.__version__, "libtiff", features.version("libtiff"), "golang.org/x/image v0.48.0")
image = PIL.Image.new("1", (16, 8), 0)  # black, with 12 white pixels
image.paste(255, (3, 2, 9, 4))
changed = False
for compression, fax in (None, False), ("packbits", False), ("group3", True), ("group4", True):
    for photometric, name in (0, "WhiteIsZero"), (1, "BlackIsZero"):
        image.save("a.tif", compression=compression, tiffinfo={262: photometric})
        with PIL.Image.open("a.tif") as back:
            assert back.tag_v2[262] == photometric
            pillow = sum(v > 0 for v in back.getdata())
        subprocess.run(["tiff2rgba", "-c", "none", "a.tif", "rgba.tif"], check=True)
        with PIL.Image.open("rgba.tif") as back:
            libtiff = sum(v[0] > 127 for v in back.getdata())
        go = int(subprocess.run(["./decode", "a.tif"], check=True, capture_output=True).stdout)
        print(f"{compression or 'none':8} {name}: white pixels of 128: written 12, Pillow {pillow}, tiff2rgba {libtiff}, x/image/tiff {go}")
        changed |= (pillow, libtiff, go) != (12, 12, 116 if fax and photometric == 1 else 12)
if changed:
    print("changed: expected 12 everywhere, but 116 of x/image/tiff for group3 and group4 with BlackIsZero")
sys.exit(changed)
PY
PYTHONDONTWRITEBYTECODE=1 python3 -S main.py
