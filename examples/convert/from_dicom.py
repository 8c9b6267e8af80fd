"""DICOM as a tensor stream: images, sick/*.dcm well/*.dcm, or volumes, each a folder of slices, sick/*/ well/*/"""
import inputs, numpy as np, pydicom
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space
def find(ds, frame, keyword, default=None):  # what a frame itself says, or all frames, or the file
    groups = [*ds.get("PerFrameFunctionalGroupsSequence", [])[frame:frame + 1], *ds.get("SharedFunctionalGroupsSequence", [])]
    return next((item[keyword].value for item in (*(i for g in groups for e in g for i in e.value), ds) if keyword in item), default)

def read(path):
    found = []
    for ds in map(pydicom.dcmread, sorted(path.glob("[!.]*")) if path.is_dir() else [path]):
        x, kind, unused = ds.pixel_array, ds.PhotometricInterpretation, ds.BitsAllocated - ds.BitsStored
        x = (~x if kind == "MONOCHROME1" else x) << unused >> unused  # there white is low; unused bits may be anything, even of the sign
        x = apply_color_lut(x, ds) if kind == "PALETTE COLOR" else x
        x = convert_color_space(x, "YBR_FULL", "RGB") if kind.startswith("YBR_FULL") and pydicom.__version__ < "3" else x  # 3 has done it
        for i, x in enumerate(x if int(ds.get("NumberOfFrames") or 1) > 1 else x[None]):
            across, corner = find(ds, i, "ImageOrientationPatient"), find(ds, i, "ImagePositionPatient")
            place = round(float(np.cross(across[:3], across[3:]) @ corner), 3) if across and corner else 0  # along the normal
            x = x * float(find(ds, i, "RescaleSlope", 1)) + float(find(ds, i, "RescaleIntercept", 0))  # of CT: Hounsfield units
            found.append((place, int(ds.get("InstanceNumber") or 0), i, x, (ds.get("SeriesInstanceUID"), str(np.round(across or [], 2) + 0))))
    if len({f[4] for f in found}) > 1 or len({f[0] for f in found}) not in (1, len(found)):
        raise ValueError("these images are not one volume: there are several series or orientations, or two lie at one place")
    x = np.stack([f[3] for f in sorted(found, key=lambda f: f[:3])])
    return (x, "DHWC"[:x.ndim]) if path.is_dir() or len(x) > 1 else (x[0], "HWC"[:x.ndim - 1])

inputs.convert(read)
