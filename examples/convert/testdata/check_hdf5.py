"""Makes HDF5 files and checks what from_hdf5.py writes."""
import h5py, numpy as np
from expect import refused, stream

rng = np.random.default_rng(4)
x = rng.normal(size=(23, 16, 16, 3))
numbers, names = np.arange(23) % 3, np.array(["no", "maybe", "yes"])[np.arange(23) % 3]
x[1, 2, 3, 0] = np.nan
keys = [f"{i:06}" for i in range(23)]
by = lambda values: dict(zip(keys, values))
packed = rng.integers(-30000, 30000, (23, 16, 16)).astype("i2")
packed[3, 4, 5] = -32768

with h5py.File("data.h5", "w") as f:
    f["f8"] = x
    f.create_dataset("deep/chunks", data=np.nan_to_num(x).astype(">f4"), chunks=(5, 8, 8, 1), compression="gzip")
    f.create_dataset("resized", data=packed, chunks=(7, 16, 16), maxshape=(None, 16, 16))
    f["packed"] = packed
    f["packed"].attrs.update({"scale_factor": np.array([0.01]), "add_offset": np.array([5.0]), "_FillValue": np.array([-32768], "i2")})
    f["bool"] = packed > 0
    f["bytes"] = (packed & 255).astype("u1")
    f["sequences"] = x[:, :, 0, 0].astype("f4")
    f["y"], f["y8"], f["y2"] = numbers, numbers.astype("f8"), numbers[None]
    f["names"], f["fixed"] = names.astype(object), names.astype("S")
    f["halves"], f["few"] = numbers / 2, numbers[:9]
    f["refs"] = np.array([f["y"].ref] * 23, dtype=h5py.ref_dtype)
    # MATLAB saves an array of size [H W C N] with its axes reversed: [N,C,W,H].
    f["matlab"] = np.nan_to_num(x).transpose(0, 3, 2, 1)

label = by(map(str, numbers))
f4 = np.nan_to_num(x).astype("f4")
stream("numbers.tar", "from_hdf5.py", "--axes", "HWC", "data.h5", "deep/chunks", "y", want=by(f4), labels=label, axes="HWC")
for y in "y8", "y2":
    stream("also.tar", "from_hdf5.py", "data.h5", "resized", y, want=by(packed), labels=label)
for y in "names", "fixed":
    stream(y + ".tar", "from_hdf5.py", "data.h5", "resized", y, want=by(packed), labels=by(names), classes=["maybe", "no", "yes"])
stream("nan.tar", "from_hdf5.py", "--axes", "HWC", "data.h5", "f8", "y", want=by(x.astype("f4")), labels=label, axes="HWC")
stream("filled.tar", "from_hdf5.py", "--axes", "HWC", "--nan", "0", "data.h5", "f8", "y", want=by(f4), labels=label, axes="HWC")
unpacked = np.where(packed == -32768, np.nan, packed * 0.01 + 5)
stream("packed.tar", "from_hdf5.py", "--nan", "-1", "data.h5", "packed", "y", want=by(np.nan_to_num(unpacked, nan=-1)), labels=label)
stream("bool.tar", "from_hdf5.py", "data.h5", "bool", want=by(packed > 0))
stream("bytes.tar", "from_hdf5.py", "data.h5", "bytes", "y", want=by(packed & 255), labels=label)
stream("sequences.tar", "from_hdf5.py", "data.h5", "sequences", "y", want=by(x[:, :, 0, 0]), labels=label)
stream("matlab.tar", "from_hdf5.py", "--axes", "CWH", "data.h5", "matlab", "y2", want=by(f4.transpose(0, 3, 2, 1)), labels=label, axes="CWH")

refused("data.h5 has no array z; it has bool, bytes, deep", "from_hdf5.py", "data.h5", "z")
refused("data.h5 has no array deep; it has", "from_hdf5.py", "data.h5", "deep")
refused("23 samples, but 9 labels", "from_hdf5.py", "data.h5", "f8", "few")
refused("labels are neither whole numbers nor names", "from_hdf5.py", "data.h5", "f8", "halves")
refused("from_hdf5.py: ", "from_hdf5.py", "data.h5", "f8", "refs")
refused("none.h5", "from_hdf5.py", "none.h5", "f8")
