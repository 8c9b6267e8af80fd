"""Makes Zarr stores and checks what from_zarr.py writes."""
import numpy as np, zarr
from expect import refused, stream

rng = np.random.default_rng(5)
x = rng.normal(size=(23, 3, 16, 16))
numbers, names = np.arange(23) % 3, np.array(["no", "maybe", "yes"])[np.arange(23) % 3]
packed = rng.integers(-30000, 30000, (23, 16, 16)).astype("i2")
packed[3, 4, 5] = -32768
keys = [f"{i:06}" for i in range(23)]
by = lambda values: dict(zip(keys, values))

g = zarr.open_group("data.zarr", mode="w")
g.array("x", x.astype(">f4"), chunks=(5, 3, 8, 8))
g.array("deep/f8", x)
g.array("bytes", (packed & 255).astype("u1"), chunks=(1, 16, 16))
g.array("packed", packed, chunks=(4, 16, 16), fill_value=-32768)  # as xarray writes it
g["packed"].attrs.update({"scale_factor": 0.01, "add_offset": 5.0, "_ARRAY_DIMENSIONS": ["n", "y", "x"]})
g.array("y", numbers)
g.array("names", names)
g.array("texts", names.astype(object), dtype=str)
zarr.save("data.zip", x=x[:9], y=numbers[:9])
zarr.save_array("bare.zarr", packed)

label, f4 = by(map(str, numbers)), x.astype("f4")
stream("numbers.tar", "from_zarr.py", "--axes", "CHW", "data.zarr", "x", "y", want=by(f4), labels=label, axes="CHW")
for y in "names", "texts":
    stream(y + ".tar", "from_zarr.py", "data.zarr", "deep/f8", y, want=by(f4), labels=by(names), classes=["maybe", "no", "yes"])
stream("bytes.tar", "from_zarr.py", "data.zarr", "bytes", "y", want=by(packed & 255), labels=label)
unpacked = np.where(packed == -32768, np.nan, packed * 0.01 + 5)
stream("nan.tar", "from_zarr.py", "data.zarr", "packed", "y", want=by(unpacked.astype("f4")), labels=label)
stream("filled.tar", "from_zarr.py", "--nan", "-1", "data.zarr", "packed", "y", want=by(np.nan_to_num(unpacked, nan=-1).astype("f4")), labels=label)
stream("zip.tar", "from_zarr.py", "data.zip", "x", "y", want=by(f4[:9]), labels=dict(list(label.items())[:9]))
stream("bare.tar", "from_zarr.py", ".", "bare.zarr", "data.zarr/y", want=by(packed), labels=label)
refused("z", "from_zarr.py", "data.zarr", "z")
