"""Makes DICOM files of several kinds and checks what from_dicom.py writes."""
import os
import numpy as np, pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.pixel_data_handlers.util import convert_color_space
from pydicom.uid import ExplicitVRLittleEndian
from expect import refused, stream

rng = np.random.default_rng(6)

def save(name, x, kind="MONOCHROME2", bits=16, **about):
    """Writes an image [H,W] or [H,W,3], or, with NumberOfFrames, several."""
    os.makedirs(os.path.dirname(name), exist_ok=True)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    ds = FileDataset(name, {}, file_meta=meta, preamble=bytes(128))
    ds.is_little_endian, ds.is_implicit_VR = True, False
    colours = x.ndim > 2 and x.shape[-1] == 3
    ds.Rows, ds.Columns = x.shape[-3:-1] if colours else x.shape[-2:]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 3 if colours else 1, kind
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8 * x.itemsize, min(bits, 8 * x.itemsize), min(bits, 8 * x.itemsize) - 1
    ds.PixelRepresentation = int(x.dtype.kind == "i")
    if colours:
        ds.PlanarConfiguration = 0
    ds.PixelData = x.tobytes()
    for key, value in about.items():
        setattr(ds, key, value)
    ds.save_as(name, write_like_original=False)

def item(**about):
    ds = Dataset()
    for key, value in about.items():
        setattr(ds, key, value)
    return ds

# Volumes: folders of slices whose names and numbers are in another order than they lie, in an oblique plane. Slope and intercept
# are a slice's own.
want, labels = {}, {}
across = [0.8, 0.6, 0, 0, 0, -1]  # rows and columns of the plane; the normal is their cross product
normal = np.cross(across[:3], across[3:])
for folder in "sick", "well":
    for patient in range(4):
        x = rng.integers(-1000, 1000, (8, 16, 12)).astype("i2")
        slopes = rng.integers(1, 9, 8) / 4
        for z in range(8):
            corner = [float(round(v, 4)) for v in 5 + normal * (z - 4) * 2.5]
            save(f"{folder}/p.{patient}/1.2.{(5 * z) % 8}", x[z], RescaleSlope=slopes[z], RescaleIntercept=-1024, InstanceNumber=8 - z,
                 ImagePositionPatient=corner, ImageOrientationPatient=across, SeriesInstanceUID=f"1.2.{patient}")
        open(f"{folder}/p.{patient}/.hidden", "w").close()
        want[f"{folder}/p_{patient}"], labels[f"{folder}/p_{patient}"] = x * slopes[:, None, None] - 1024, folder
stream("folders.tar", "from_dicom.py", "sick/*/", "well/*/", want=want, labels=labels, axes="DHW", classes=["sick", "well"])

# Images. Twelve bits of sixteen: the other four are anything, as overlays were once, or zeros where the value is negative.
for n, folder in enumerate(("left", "right")):
    x = rng.integers(0, 4096, (16, 12)).astype("u2")
    high = rng.integers(0, 16, (16, 12)).astype("u2") << 12
    signed = x.astype("i2") - 4096 * (x > 2047)
    colour = rng.integers(0, 256, (16, 12, 3)).astype("u1")
    save(f"{folder}/1.2.3", x + high, bits=12)
    save(f"{folder}/1.2.4", x.astype("i2"), bits=12)
    save(f"{folder}/1.2.5.dcm", x, kind="MONOCHROME1", bits=12)
    save(f"{folder}/a.dcm", x, bits=12, RescaleSlope=2, RescaleIntercept=-1024)
    images = {"1_2_3": x, "1_2_4": signed, "1_2_5": 4095 - x, "a": x * 2.0 - 1024}
    stream(folder + ".tar", "from_dicom.py", folder + "/*", want={f"{folder}/{k}": v for k, v in images.items()}, axes="HW")
stream("white.tar", "from_dicom.py", "left/1.2.5.dcm", "right/1.2.5.dcm", axes="HW", classes=["left", "right"],
       want={f"{f}/1_2_5": 4095 - pydicom.dcmread(f"{f}/1.2.5.dcm").pixel_array for f in ("left", "right")},
       labels={"left/1_2_5": "left", "right/1_2_5": "right"})

# Colours.
luma = convert_color_space(colour, "RGB", "YBR_FULL")
save("colour/1.dcm", colour, kind="RGB")
save("colour/2.dcm", luma, kind="YBR_FULL")
save("colour/3.dcm", np.moveaxis(colour, -1, 0).copy().reshape(16, 12, 3), kind="RGB", PlanarConfiguration=1)
table = rng.integers(0, 65536, (3, 256)).astype("u2")
palette = {f"{c}PaletteColorLookupTable{what}": value for c, t in zip(("Red", "Green", "Blue"), table)
           for what, value in (("Descriptor", [256, 0, 16]), ("Data", t.tobytes()))}
save("colour/4.dcm", colour[..., 0], kind="PALETTE COLOR", **palette)
stream("colours.tar", "from_dicom.py", "colour/*", axes="HWC", want={
    "colour/1": colour, "colour/2": convert_color_space(luma, "YBR_FULL", "RGB"), "colour/3": colour, "colour/4": np.moveaxis(table[:, colour[..., 0]], 0, -1)})
assert np.abs(convert_color_space(luma, "YBR_FULL", "RGB").astype(int) - colour).max() <= 2

# Several frames: a film in its order, and an enhanced CT whose frames have their places and intercepts in groups of their own.
film = rng.integers(0, 256, (6, 16, 12)).astype("u1")
save("film/f.dcm", film, NumberOfFrames=6, ImagePositionPatient=[0, 0, 0], ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
stream("film.tar", "from_dicom.py", "film/f.dcm", want={"film/f": film}, axes="DHW")
save("film/c.dcm", np.stack([colour] * 6), kind="RGB", NumberOfFrames=6)
stream("films.tar", "from_dicom.py", "film/c.dcm", want={"film/c": np.stack([colour] * 6)}, axes="DHWC")
places = [2, 0, 1, 4, 5, 3]
frames = [item(PlanePositionSequence=[item(ImagePositionPatient=[0, 0, float(z)])],
               PixelValueTransformationSequence=[item(RescaleSlope=2, RescaleIntercept=-z)]) for z in places]
shared = [item(PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])])]
save("film/e.dcm", film.astype("i2"), NumberOfFrames=6, PerFrameFunctionalGroupsSequence=frames, SharedFunctionalGroupsSequence=shared)
stream("enhanced.tar", "from_dicom.py", "film/e.dcm", want={"film/e": film[np.argsort(places)] * 2.0 - np.arange(6)[:, None, None]}, axes="DHW")

# Folders that are not one volume.
for name, place, uid in ("mixed/a/1", 0, "1.1"), ("mixed/a/2", 1, "1.2"), ("mixed/b/1", 0, "1.1"), ("mixed/b/2", 0, "1.1"), ("mixed/b/3", 1, "1.1"):
    save(name, x, ImagePositionPatient=[0, 0, place], ImageOrientationPatient=[1, 0, 0, 0, 1, 0], SeriesInstanceUID=uid)
open("mixed/text.dcm", "w").write("no image")
refused("mixed/a: these images are not one volume: ", "from_dicom.py", "mixed/a")
refused("mixed/b: these images are not one volume: ", "from_dicom.py", "mixed/b/")
refused("mixed/text.dcm: ", "from_dicom.py", "left/a.dcm", "mixed/text.dcm")
