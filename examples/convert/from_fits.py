"""FITS images as a tensor stream: python3 from_fits.py stars/*.fits galaxies/*.fits > images.tar"""
import inputs, numpy as np
from astropy.io import fits

def read(path):
    with fits.open(path, uint=False) as hdus:
        # The first HDU that has an image: the primary one is often empty.
        hdu = next((hdu for hdu in hdus if hdu.is_image and hdu.header.get("NAXIS")), None)
        if hdu is None:
            raise ValueError("there is no image in it")
        # astropy applies BSCALE and BZERO, and makes BLANK NaN, but leaves BLANK = 0, and that of compressed images, as values.
        scale, zero, blank = (hdu.header.get(key, default) for key, default in (("BSCALE", 1), ("BZERO", 0), ("BLANK", None)))
        blank = blank if hdu.header["BITPIX"] > 0 else None
        x = hdu.data
        if blank is not None:
            x = np.where(x == np.array([blank], x.dtype) * scale + zero, np.nan, x)
    x = x.reshape(-1, *x.shape[-2:]).astype("f4")  # images of radio telescopes have more axes, most of length 1
    return (x[0], "HW"[-x[0].ndim:]) if len(x) == 1 else (x, "")  # bdtrain takes a cube for channels

inputs.convert(read)
