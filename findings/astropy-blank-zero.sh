#!/usr/bin/env bash
# astropy takes the undefined pixels of a FITS image for zeros where BLANK is 0.
#
# In an image of integers BLANK is the stored value that stands for an undefined pixel (FITS 4.0, section 4.4.2.5). astropy
# 5.2.1 (Debian 12) makes such pixels NaN, and for that it gives floats instead of integers. With BLANK = 0 it gives floats,
# too, but no NaN: the pixels are 0, or BZERO. What lies outside a mosaic, say, becomes a measurement, and means and networks
# take it for one. The reason is `if self._blank:` in io/fits/hdu/image.py, for which 0 is no BLANK; the source of 8 August
# 2026 has it, too. There is no message. (That BLANK of unsigned integers is left to the user is said in the source.) The way
# out is do_not_scale_image_data=True, and to compare with BLANK before scaling.
#
# Needs Debian 12 on amd64 with apt-get, dpkg and python3. The packages (13 MiB) go to a temporary folder; nothing is
# installed. Exit code 0: as described; 1: it has changed.
set -euo pipefail

packages=(python3-astropy=5.2.1-2+deb12u1 python3-numpy=1:1.24.2-1+deb12u1 python3-erfa liberfa1 python3-yaml libyaml-0-2
	python3-packaging python3-ply python3-configobj python3-six libexpat1 libblas3 liblapack3 libgfortran5 libquadmath0)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "${packages[@]}" 2>/dev/null || { echo "cannot download ${packages[*]}" >&2; exit 1; }
for p in *.deb; do dpkg -x "$p" unpacked; done
lib=$work/unpacked/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH=$lib:$lib/blas:$lib/lapack PYTHONPATH=$work/unpacked/usr/lib/python3/dist-packages HOME=$work

cat > main.py <<'PY'
import sys, numpy as np, astropy
from astropy.io import fits

print("astropy", astropy.__version__, "NumPy", np.__version__)
changed = False
for header, want in (({"BLANK": -1}, "5 nan 7"), ({"BLANK": 0}, "5 0 7"),
                     ({"BLANK": -1, "BSCALE": 0.5, "BZERO": 10.0}, "12.5 nan 13.5"), ({"BLANK": 0, "BSCALE": 0.5, "BZERO": 10.0}, "12.5 10 13.5")):
    hdu = fits.PrimaryHDU(np.array([[5, header["BLANK"], 7]], "i2"))
    hdu.header.update(header)
    hdu.writeto("image.fits", overwrite=True)
    x = fits.getdata("image.fits")
    got = " ".join(f"{v:g}" for v in x[0])
    print(*(f"{k} = {v}," for k, v in header.items()), f"stored 5 {header['BLANK']} 7: read as {got}, {x.dtype.name}")
    if got != want or x.dtype.name != "float32":
        print("changed: expected", want, "as float32")
        changed = True
sys.exit(changed)
PY
PYTHONDONTWRITEBYTECODE=1 python3 -S main.py
