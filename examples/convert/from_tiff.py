"""TIFF (of floats, stacks, BigTIFF, ImageJ's, OME's) as a tensor stream: python3 from_tiff.py cell/*.tif none/*.tif > stacks.tar"""
import inputs, tifffile

def read(path):
    with tifffile.TiffFile(path) as tif:
        series, about = tif.series[0], tif.imagej_metadata or {}
        if series.keyframe.parent.filehandle.name != path.name:  # OME's may be spread over files, of which each gives all
            raise ValueError(f"it is a part of {series.keyframe.parent.filehandle.name}; leave it out")
        x, axes, kind = series.asarray(), series.axes, series.keyframe.photometric
    if kind == tifffile.PHOTOMETRIC.PALETTE:
        raise ValueError("its values are numbers of colours; save it as RGB")
    x = ~x if kind == tifffile.PHOTOMETRIC.MINISWHITE else x  # there white is low
    if about.get("cf") == 0:  # ImageJ's calibration by a straight line, which its signed images have
        x = about["c0"] + about["c1"] * x.astype("f8")
    # S and C are channels, behind the pixels or before them. Pages, frames and points in time are planes or, beside Z, channels.
    letters = {"Y": "H", "X": "W", "Z": "D", "C": "C", "S": "C"}
    named = "".join(letters.get(axis, "C" if "Z" in axes else "D") for axis in axes)
    if len(set(named)) < len(named):
        raise ValueError(f"{axes} are more axes than channels, planes, rows and columns; save one channel or one point in time")
    return x, named

inputs.convert(read)
