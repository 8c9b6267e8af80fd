"""Pictures as an exported model takes them: python3 photos.py model.tar FOLDER x.npy

x.npy is an array [N,C,H,W] of the pictures of FOLDER in the order of their names, from 0 to 1, resized as the model resizes them
(bdtrain --resize). model.tar is the model before bdtrain export, in a plain tar. It needs NumPy and Pillow, which reads RGB of 16 bits
as 8 bits.
"""
import json
import pathlib
import re
import sys
import tarfile

import numpy as np
from PIL import Image, ImageOps


def resize(x, height, width):
    """An array [...,H,W] resampled as lib/resize does it: area means where an axis shrinks, linear where it grows."""
    def weights(n, to):  # [to,n], a row for each pixel of the result
        i, o = np.arange(n), np.arange(to)[:, None]
        if to > n:
            centre = np.clip((o + 0.5) * n / to - 0.5, 0, n - 1)
            return np.maximum(1 - abs(centre - i), 0)
        covered = np.minimum((o + 1) * n, (i + 1) * to) - np.maximum(o * n, i * to)
        return np.maximum(covered, 0) / n
    x = np.asarray(x, "f8")
    return (weights(x.shape[-2], height) @ x @ weights(x.shape[-1], width).T).astype("f4")


def load(name):
    """A picture [C,H,W] from 0 to 1: one channel if it is grey, else red, green and blue."""
    picture = ImageOps.exif_transpose(Image.open(name))
    if picture.mode.startswith("I"):  # 16 bits
        return np.asarray(picture, "f4")[None] / 65535
    grey = picture.mode in ("1", "L")
    x = np.asarray(picture.convert("L" if grey else "RGB"), "f4") / 255
    return x[None] if grey else x.transpose(2, 0, 1)


def names(folder):
    """The pictures in a folder and those below it, by their names."""
    endings = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
    return sorted((p for p in pathlib.Path(folder).rglob("[!.]*") if p.suffix.lower() in endings), key=str)


if __name__ == "__main__":
    with tarfile.open(sys.argv[1]) as tar:
        model = json.load(tar.extractfile("__meta__/model.json"))
    height, width = map(int, re.match(r"input c=\d+ h=(\d+) w=(\d+)", model["network"]).groups())
    x = [load(name) for name in names(sys.argv[2])]
    if model.get("resize"):
        x = [resize(picture, height, width) for picture in x]
    np.save(sys.argv[3], np.stack(x))
