"""Runs the scripts for the programs beside this file, which make files and know what is in them."""
import glob, io, json, os, subprocess, sys, tarfile
import numpy as np

def run(script, *args):
    """Runs a script on paths, which may be patterns."""
    paths = [p for arg in args for p in (sorted(glob.glob(arg)) if "*" in arg else [arg])]
    return subprocess.run([sys.executable, "-B", os.path.join(sys.argv[1], script), *paths], capture_output=True)

def stream(name, script, *args, want, labels=None, **meta):
    """Keeps what a script writes in the file name, and compares it: arrays and, if there are any, labels by their keys, and metadata."""
    done = run(script, *args)
    assert done.returncode == 0 and not done.stderr, (name, done.returncode, done.stderr)
    open(name, "wb").write(done.stdout)
    with tarfile.open(name) as tar:
        got = {m.name: tar.extractfile(m).read() for m in tar}
        assert len(got) == len(tar.getmembers()) and all(m.isfile() for m in tar), name
    assert json.loads(got.pop("__meta__/dataset.json")) == {"axes": "", "classes": [], **meta}, (name, got)
    assert list(got) == [k + e for k in want for e in ((".x.npy", ".cls") if labels else (".x.npy",))], (name, list(got))
    for key, x in want.items():
        array = np.load(io.BytesIO(got[key + ".x.npy"]))
        assert array.dtype.kind in "iu" or array.dtype == np.float32 and array.dtype.isnative, (name, key, array.dtype)
        assert array.shape == x.shape, (name, key, array.shape, x.shape)
        np.testing.assert_array_equal(array, x.astype(array.dtype), f"{name} {key}")
    assert not labels or {k: got[k + ".cls"].decode() for k in want} == labels, (name, labels)

def refused(why, script, *args):
    """Checks that a script ends with an error of one line, and without the end of an archive."""
    done = run(script, *args)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1 and len(lines) == 1 and lines[0].startswith(script + ": ") and why in lines[0], (args, done.returncode, lines)
    open("refused.tar", "wb").write(done.stdout)
