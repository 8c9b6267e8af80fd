"""Makes TIFF files of several kinds and checks what from_tiff.py writes."""
import os
import numpy as np, tifffile
from expect import refused, stream

rng = np.random.default_rng(3)
for folder in ("cell", "none", "kinds", "volumes", "other"):
    os.mkdir(folder)
save = tifffile.imwrite

want, labels = {}, {}
for folder in "cell", "none":
    for i in range(4):
        x = rng.normal(size=(8, 10, 12)).astype("f4")  # a stack of pages
        save(f"{folder}/z.{i}.tif", x, bigtiff=i == 1, byteorder=">" if i == 2 else "<", compression="zlib" if i == 3 else None)
        want[f"{folder}/z_{i}"], labels[f"{folder}/z_{i}"] = x, folder
stream("folders.tar", "from_tiff.py", "cell/*", "none/*", want=want, labels=labels, axes="DHW", classes=["cell", "none"])
stream("channels.tar", "from_tiff.py", "--axes", "CHW", "cell/*", "none/*", want=want, labels=labels, axes="CHW", classes=["cell", "none"])

x = rng.integers(0, 65536, (12, 14, 3)).astype("u2")

def single(name, x, want, axes, **how):
    save(name, x, **how)
    stream(name + ".tar", "from_tiff.py", name, want={name[:-4].replace(".", "_"): want}, axes=axes)

single("kinds/grey.tif", x[..., 0], x[..., 0], "HW")
single("kinds/wide.tif", x[..., 0].astype("f8") / 7, x[..., 0].astype("f8") / 7, "HW")
single("kinds/last.tif", x, x, "HWC", photometric="rgb")
single("kinds/first.tif", np.moveaxis(x, -1, 0), np.moveaxis(x, -1, 0), "CHW", photometric="rgb", planarconfig="separate")
single("kinds/tiles.tif", x[..., 0], x[..., 0], "HW", tile=(16, 16))
single("kinds/white.tif", x[..., 0], 65535 - x[..., 0], "HW", photometric="miniswhite")
single("kinds/bits.tif", x[..., 0] > 9999, x[..., 0] > 9999, "HW", photometric="minisblack")

v = rng.integers(0, 65536, (5, 2, 12, 14)).astype("u2")
single("volumes/imagej.tif", v, v, "DCHW", imagej=True, metadata={"axes": "ZCYX"})
single("volumes/signed.tif", v[:, 0], v[:, 0] - 32768.0, "DHW", imagej=True, metadata={"axes": "ZYX", "cf": 0, "c0": -32768, "c1": 1})
single("volumes/time.tif", v[:, 0], v[:, 0], "DHW", imagej=True, metadata={"axes": "TYX"})
single("volumes/times.tif", v, v, "CDHW", imagej=True, metadata={"axes": "TZYX"})
single("volumes/all.ome.tif", v.transpose(1, 0, 2, 3), v.transpose(1, 0, 2, 3), "CDHW", metadata={"axes": "CZYX"}, ome=True)
single("volumes/colours.tif", np.stack([x] * 4), np.stack([x] * 4), "DHWC", photometric="rgb")

# An image of OME in two files, of which each names both.
uuid = "00000000-0000-0000-0000-00000000000"
part = '<TiffData IFD="0" FirstZ="{0}" PlaneCount="1"><UUID FileName="s_{0}.ome.tif">urn:uuid:' + uuid + "{0}</UUID></TiffData>"
ome = ('<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:' + uuid + '{0}"><Image ID="Image:0">'
       '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="14" SizeY="12" SizeZ="2" SizeC="1" SizeT="1">'
       '<Channel ID="Channel:0:0" SamplesPerPixel="1"/>' + part.format(0) + part.format(1) + "</Pixels></Image></OME>")
for i in range(2):
    save(f"volumes/s_{i}.ome.tif", v[i, 0], description=ome.format(i), metadata=None)
stream("parts.tar", "from_tiff.py", "volumes/s_0.ome.tif", want={"volumes/s_0_ome": v[:2, 0]}, axes="DHW")
refused("volumes/s_1.ome.tif: it is a part of s_0.ome.tif", "from_tiff.py", "volumes/s_0.ome.tif", "volumes/s_1.ome.tif")

x = rng.normal(size=(12, 14)).astype("f4")
x[2, 3] = np.nan
save("other/nan.tif", x)
stream("nan.tar", "from_tiff.py", "other/nan.tif", want={"other/nan": x}, axes="HW")
stream("filled.tar", "from_tiff.py", "--nan", "0", "other/nan.tif", want={"other/nan": np.nan_to_num(x)}, axes="HW")

save("other/palette.tif", rng.integers(0, 256, (12, 14)).astype("u1"), photometric="palette", colormap=rng.integers(0, 65536, (3, 256)).astype("u2"))
save("other/five.tif", np.stack([v, v]), imagej=True, metadata={"axes": "TZCYX"})
open("other/text.tif", "w").write("no image")
refused("other/palette.tif: its values are numbers of colours", "from_tiff.py", "other/palette.tif")
refused("other/five.tif: TZCYX are more axes", "from_tiff.py", "other/five.tif")
refused("other/text.tif: not a TIFF file", "from_tiff.py", "cell/z.0.tif", "other/text.tif")
refused("kinds/last: axes HWC, but HW before", "from_tiff.py", "kinds/grey.tif", "kinds/last.tif")
