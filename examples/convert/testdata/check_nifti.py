"""Makes NIfTI files of several kinds and checks what from_nifti.py writes."""
import gzip, os, struct
import nibabel as nib, numpy as np
from expect import refused, stream

rng = np.random.default_rng(2)
for folder in ("sick", "well", "time", "other"):
    os.mkdir(folder)

# X,Y,Z as the scanner names them: x to the right, y to the front, z up. Half of the files have them in another order, or backward.
want, labels = {}, {}
for n, folder in enumerate(("sick", "well")):
    for i in range(4):
        xyz = rng.integers(-1000, 1000, (8, 10, 12)).astype("i2")  # X,Y,Z
        image = nib.Nifti1Image(xyz, np.diag([1, 1, 2, 1]))
        if i % 2:  # Z,Y,X of which x grows to the left
            image = image.as_reoriented([[2, -1], [1, 1], [0, 1]])
            assert image.shape == (12, 10, 8) and nib.aff2axcodes(image.affine) == ("S", "A", "L"), image.affine
        slope, inter = ((0.1, -3), (1, 0))[n]
        data = bytearray(image.to_bytes())
        struct.pack_into("<ff", data, 112, slope, inter)  # scl_slope, scl_inter
        name = f"{folder}/p.{i}.nii" + (".gz" if i < 2 else "")
        open(name, "wb").write(gzip.compress(data) if i < 2 else data)
        assert nib.load(name).get_data_dtype() == "i2" and np.asarray(nib.load(name).dataobj.get_unscaled()).tolist() == image.get_fdata().tolist()
        want[f"{folder}/p_{i}"] = (float(np.float32(slope)) * xyz.transpose(2, 1, 0) + inter).astype("f4")
        labels[f"{folder}/p_{i}"] = folder
stream("folders.tar", "from_nifti.py", "sick/*", "well/*", want=want, labels=labels, axes="DHW", classes=["sick", "well"])

# Points in time are channels; an axis of length 1 is none.
xyzt = rng.normal(size=(8, 9, 10, 3)).astype("f4")
nib.save(nib.Nifti1Image(xyzt, np.eye(4)), "time/t.nii.gz")
stream("time.tar", "from_nifti.py", "time/t.nii.gz", want={"time/t": xyzt.transpose(3, 2, 1, 0)}, axes="CDHW")
nib.save(nib.Nifti1Image(xyzt[..., :1], np.eye(4)), "other/one.nii")
stream("one.tar", "from_nifti.py", "other/one.nii", want={"other/one": xyzt[..., 0].T}, axes="DHW")
nib.save(nib.Nifti1Image(xyzt[:, :, 0, 0], np.eye(4)), "other/plane.nii")
stream("plane.tar", "from_nifti.py", "other/plane.nii", want={"other/plane": xyzt[:, :, 0, 0].T}, axes="HW")

xyzt[0, 0, 0, 0] = np.nan
nib.save(nib.Nifti1Image(xyzt[..., 0], np.eye(4)), "other/nan.nii")
stream("nan.tar", "from_nifti.py", "other/nan.nii", want={"other/nan": xyzt[..., 0].T}, axes="DHW")
stream("filled.tar", "from_nifti.py", "--nan", "0", "other/nan.nii", want={"other/nan": np.nan_to_num(xyzt[..., 0].T)}, axes="DHW")

nib.save(nib.Nifti1Image(xyzt[..., 0].astype("c8"), np.eye(4)), "other/complex.nii")
open("other/text.nii", "w").write("no image")
refused("other/complex: complex64 is no type of real numbers", "from_nifti.py", "other/complex.nii")
refused("other/text.nii: ", "from_nifti.py", "sick/p.0.nii.gz", "other/text.nii")
refused("time/t: axes CDHW, but DHW before", "from_nifti.py", "sick/p.0.nii.gz", "time/t.nii.gz")
