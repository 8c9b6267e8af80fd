"""Makes FITS files of several kinds and checks what from_fits.py writes."""
import os
import numpy as np
from astropy.io import fits
from expect import refused, stream

rng = np.random.default_rng(1)
for folder in ("stars", "galaxies", "scaled", "cubes", "blank", "other"):
    os.mkdir(folder)

# Stars: floats, big-endian in the file. a.1 and a.2 differ behind the first dot. Galaxies: an empty primary HDU, then two images.
want, labels = {}, {}
for folder in "stars", "galaxies":
    for i in range(6):
        x = rng.normal(size=(16, 16)).astype(">f4")
        image = fits.ImageHDU(x, name="SCI") if folder == "galaxies" else fits.PrimaryHDU(x)
        parts = [image] if folder == "stars" else [fits.PrimaryHDU(), image, fits.ImageHDU(x * 0, name="ERR")]
        fits.HDUList(parts).writeto(f"{folder}/a.{i}.fits" + (".gz" if i == 5 else ""))
        want[f"{folder}/a_{i}"], labels[f"{folder}/a_{i}"] = x, folder
stream("folders.tar", "from_fits.py", "stars/*", "galaxies/*", want=want, labels=labels, axes="HW", classes=["galaxies", "stars"])
stream("alone.tar", "from_fits.py", "stars/a.0.fits", want={"stars/a_0": want["stars/a_0"]}, axes="HW")
os.chdir("stars")
stream("here.tar", "from_fits.py", "a.0.fits", "../galaxies/a.0.fits", "./a.1.fits", axes="HW", classes=["galaxies", "stars"],
       want={"a_0": want["stars/a_0"], "galaxies/a_0": want["galaxies/a_0"], "a_1": want["stars/a_1"]},
       labels={"a_0": "stars", "galaxies/a_0": "galaxies", "a_1": "stars"})
os.chdir("..")
absolute = os.path.abspath("stars/a.0.fits")
stream("absolute.tar", "from_fits.py", absolute, want={absolute[1:-5].replace("a.0", "a_0"): want["stars/a_0"]}, axes="HW")

# Stored integers with BSCALE, BZERO and BLANK.
def store(name, stored, compressed=False, **header):
    hdu = fits.CompImageHDU(stored) if compressed else fits.PrimaryHDU(stored)
    for key, value in header.items():
        hdu.header[key] = value
    hdu.writeto(name, output_verify="ignore")
    with fits.open(name, do_not_scale_image_data=True) as hdus:  # what is in the file, as it is meant
        kept = hdus[-1]
        assert all(kept.header[key] == value for key, value in header.items()), repr(kept.header)
        np.testing.assert_array_equal(kept.data, stored)

stored = rng.integers(-300, 300, (16, 16)).astype("i2")
stored[3, 4], stored[5, 6] = 0, -999
u = rng.integers(0, 200, (16, 16)).astype("u1")
u[1, 2] = 255
unsigned = rng.integers(0, 65536, (16, 16)).astype("u2")
holes = lambda x, blank: np.where(x == blank, np.nan, x.astype("f8"))
store("scaled/plain.fits", stored)
store("scaled/scaled.fits", stored, BSCALE=0.25, BZERO=1000.5)
store("scaled/squeezed.fits.fz", stored, compressed=True, BSCALE=0.25, BZERO=1000.5)
fits.PrimaryHDU(unsigned).writeto("scaled/unsigned.fits")
fits.PrimaryHDU(stored.astype("i4") * 100000).writeto("scaled/wide.fits")
fits.PrimaryHDU(stored.astype(">f8") / 3).writeto("scaled/wide2.fits")
stream("scaled.tar", "from_fits.py", "scaled/*", axes="HW", want={
    "scaled/plain": stored, "scaled/scaled": 1000.5 + 0.25 * stored, "scaled/squeezed": 1000.5 + 0.25 * stored, "scaled/unsigned": unsigned,
    "scaled/wide": (stored.astype("i4") * 100000).astype("f4"), "scaled/wide2": (stored / 3).astype("f4")})

store("blank/0.fits", stored, BLANK=0)
store("blank/1.fits", stored, BLANK=-999, BSCALE=0.5, BZERO=7.0)
store("blank/2.fits", u, BLANK=255)
store("blank/3.fits", stored, BLANK=-999, BZERO=32768)  # unsigned, by the convention
store("blank/4.fits.fz", stored, compressed=True, BLANK=-999)
blank = {"blank/0": holes(stored, 0), "blank/1": 7 + 0.5 * holes(stored, -999), "blank/2": holes(u, 255),
         "blank/3": 32768 + holes(stored, -999), "blank/4": holes(stored, -999)}
assert all(np.isnan(x).sum() >= 1 for x in blank.values())
stream("nan.tar", "from_fits.py", "blank/*", want=blank, axes="HW")
stream("filled.tar", "from_fits.py", "--nan", "-5", "blank/*", want={k: np.nan_to_num(x, nan=-5) for k, x in blank.items()}, axes="HW")

# Cubes, with NaN, of radio telescopes: STOKES, FREQ, DEC, RA.
cube = rng.normal(size=(1, 3, 16, 16)).astype("f4")
fits.PrimaryHDU(cube).writeto("cubes/cube.fits")
fits.PrimaryHDU(cube[:, :1]).writeto("other/image.fits")
stream("cubes.tar", "from_fits.py", "cubes/*", want={"cubes/cube": cube[0]})
stream("planes.tar", "from_fits.py", "--axes", "DHW", "cubes/*", want={"cubes/cube": cube[0]}, axes="DHW")
stream("flat.tar", "from_fits.py", "other/image.fits", want={"other/image": cube[0, 0]}, axes="HW")
fits.PrimaryHDU(cube[0, 0, 0]).writeto("other/spectrum.fits")
stream("line.tar", "from_fits.py", "other/spectrum.fits", want={"other/spectrum": cube[0, 0, 0]}, axes="W")

fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns([fits.Column("x", "E", array=[1, 2])])]).writeto("other/table.fits")
open("other/text.fits", "w").write("no image")
refused("other/table.fits: there is no image in it", "from_fits.py", "other/table.fits")
refused("No such file or directory", "from_fits.py", "stars/a.0.fits", "stars/missing.fits")
refused("stars/a_0: two samples have this key", "from_fits.py", "stars/a.0.fits", "./stars/a.0.fits")
refused("other/text.fits: ", "from_fits.py", "stars/a.0.fits", "other/text.fits")
