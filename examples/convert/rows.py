"""What from_hdf5.py and from_zarr.py share: samples that are the rows of one array, and labels that are those of another."""
import inputs, numpy as np, tensorstream

def samples(x):  # as many at a time as a chunk has; packed values are unpacked and fill is no value, as netCDF and xarray say
    scale, offset, fill = (x.attrs.get(key) for key in ("scale_factor", "add_offset", "_FillValue"))
    fill = x.fill_value if fill is None and "_ARRAY_DIMENSIONS" in x.attrs else fill
    for i in range(0, len(x), step := x.chunks[0] if x.chunks else 1):
        block = x[i:i + step]
        if any(v is not None for v in (scale, offset, fill)):
            block = np.where(block == fill, np.nan, block.astype("f8") * (1 if scale is None else scale) + (0 if offset is None else offset))
        yield from block

def convert(find):  # find returns an array by the names of its file and its own
    inputs.flags.add_argument("file")
    inputs.flags.add_argument("x", help="name of the array of samples")
    inputs.flags.add_argument("y", help="name of that of their labels: numbers, or names of classes", nargs="?")
    args = inputs.flags.parse_args()
    x, y = find(args.file, args.x), np.asarray(find(args.file, args.y)[:]).ravel() if args.y else None
    if y is not None and (len(y) != len(x) or y.dtype.kind not in "OSU" and (y != y.astype(int)).any()):
        raise ValueError(f"{len(x)} samples, but {len(y)} labels" if len(y) != len(x) else "labels are neither whole numbers nor names")
    texts = y is not None and y.dtype.kind in "OSU"
    labels = [None] * len(x) if y is None else [v.decode() if isinstance(v, bytes) else v if texts else str(int(v)) for v in y]
    every = ((f"{i:06}", sample, "", label) for i, (sample, label) in enumerate(zip(samples(x), labels)))
    tensorstream.write(args, every, sorted(set(labels)) if texts else None)
