"""Writes a tensor stream to standard output (README.md, Streams): a tar of an array and a label for each sample."""
import io, json, numpy as np, sys, tarfile

def add(tar, name, data):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))

def write(args, samples, classes=None):
    """Writes samples: key, array, axes ("" if they are not known) and label (or None). args has axes that overrule them, and nan."""
    first, keys = None, set()
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:  # an error leaves it without an end; then bdtrain refuses it
        for key, x, axes, label in samples:
            if first is None:
                first = axes
                add(tar, "__meta__/dataset.json", json.dumps({"axes": args.axes or axes, "classes": classes or []}).encode())
            if key in keys or axes != first or x.dtype.kind not in "biuf":
                why = f"{x.dtype} is no type of real numbers" if axes == first else f"axes {axes}, but {first} before"
                raise ValueError(f"{key}: " + ("two samples have this key" if key in keys else why))
            keys.add(key)
            array, x = io.BytesIO(), x if x.dtype.kind in "iu" else x.astype("<f4")
            np.save(array, x if args.nan is None else np.nan_to_num(x, nan=args.nan, posinf=np.inf, neginf=-np.inf))
            add(tar, f"{key}.x.npy", array.getvalue())
            if label is not None:
                add(tar, f"{key}.cls", label.encode())
