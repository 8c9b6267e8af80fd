#!/usr/bin/env bash
# tifffile writes an array of bool so that other readers get its opposite.
#
# Where nothing says the colour space, imwrite of tifffile 2023.2.3 (Debian 12) gives an array of bool the PhotometricInterpretation 0,
# WhiteIsZero, but leaves its bits as they are: by TIFF 6.0 (section 4) True is then black, and False white. tifffile's own imread passes
# over that tag, so that there and back nothing seems to happen. Pillow and libtiff (here through netpbm) do as TIFF says: a mask of
# the few pixels of an object comes out as one of the background. An array of uint8 with the same zeros and ones is written with
# BlackIsZero. There is no message, and the description of imwrite's photometric does not say it. The way out is
# photometric="minisblack", which is right in all of them. The newest source, of 14 July 2026, still has it.
#
# Needs Debian 12 on amd64 with apt-get and dpkg. The packages go to a temporary folder; nothing is installed. Exit code 0: as
# described; 1: it has changed.
set -euo pipefail

packages=(python3-tifffile=20230203-1 python3-numpy=1:1.24.2-1+deb12u1 python3-pil netpbm)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
