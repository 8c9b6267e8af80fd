#!/usr/bin/env bash
# tifffile writes an array of bool so that other programs read its opposite.
#
# Unless the colour space is said, imwrite of tifffile 2023.2.3 (Debian 12) gives an array of bool the PhotometricInterpretation
# 0, WhiteIsZero, and leaves its bits as they are. By TIFF 6.0, section 4, True is then black and False white. tifffile's own
# imread does not look at that tag, so there and back nothing seems to happen; Pillow and libtiff (here in netpbm) do as TIFF
# says, so that the mask of an object comes out as the mask of all else. The same array as uint8 is written with BlackIsZero.
# There is no message, and what imwrite says of its parameter photometric does not mention it. The way out is
# photometric="minisblack", with which all agree. The source of version 2026.7.14 has it, too.
#
# Needs Debian 12 on amd64 with apt-get, dpkg and python3. The packages (18 MiB) go to a temporary folder; nothing is
# installed. Exit code 0: as described; 1: it has changed.
set -euo pipefail

packages=(python3-tifffile=20230203-1 python3-pil=9.4.0-1.1+deb12u1 netpbm=2:11.01.00-2 libnetpbm11=2:11.01.00-2
	python3-numpy=1:1.24.2-1+deb12u1 libblas3 liblapack3 libgfortran5 libquadmath0 libtiff6 libwebp7 liblerc4 libjbig0 libdeflate0
	libjpeg62-turbo libopenjp2-7 libimagequant0 libgomp1 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "${packages[@]}" 2>/dev/null || { echo "cannot download ${packages[*]}" >&2; exit 1; }
for p in *.deb; do dpkg -x "$p" unpacked; done
lib=$work/unpacked/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH=$lib:$lib/blas:$lib/lapack PYTHONPATH=$work/unpacked/usr/lib/python3/dist-packages PATH=$work/unpacked/usr/bin:$PATH

cat > main.py <<'PY'
import subprocess, sys, numpy as np, tifffile, PIL.Image

print("tifffile", tifffile.__version__, "Pillow", PIL.__version__, "NumPy", np.__version__)
mask = np.zeros((3, 8), bool)
mask[1, 2:4] = True
text = lambda x: " ".join("".join("01"[int(v > 0)] for v in row) for row in x)

def netpbm(name):
    kind, _, *lines = subprocess.run(["tifftopnm", "-plain", name], capture_output=True, check=True, text=True).stdout.splitlines()
    if kind == "P1":  # a bit a digit, of which 1 is black
        return 1 - np.array(list("".join(lines).replace(" ", "")), int).reshape(mask.shape)
    return np.array(" ".join(lines[1:]).split(), int).reshape(mask.shape)  # behind the largest value

changed = False
opposite = text(~mask)
print("written", text(mask))
for what, array, how, want in (("bool", mask, {}, opposite), ("bool, minisblack", mask, {"photometric": "minisblack"}, text(mask)),
                               ("uint8", mask.astype("u1"), {}, text(mask))):
    tifffile.imwrite("mask.tif", array, **how)
    with tifffile.TiffFile("mask.tif") as tif:
        space = tif.pages[0].photometric
    got = {"tifffile": text(tifffile.imread("mask.tif")), "Pillow": text(np.asarray(PIL.Image.open("mask.tif"))), "netpbm": text(netpbm("mask.tif"))}
    print(f"{what}: PhotometricInterpretation {int(space)};", "; ".join(f"{k} reads {v}" for k, v in got.items()))
    changed |= got != {"tifffile": text(mask), "Pillow": want, "netpbm": want}
if changed:
    print(f"changed: expected Pillow and netpbm to read {opposite} of bool alone")
sys.exit(changed)
PY
PYTHONDONTWRITEBYTECODE=1 python3 -S main.py
