"""What the scripts beside this file share: flags, errors of one line, and samples that are files or folders."""
import argparse, os, pathlib, re, signal, sys
import tensorstream

sys.excepthook = lambda kind, e, trace: print(f"{os.path.basename(sys.argv[0])}: {' '.join(str(e).split()) or kind.__name__}", file=sys.stderr)
if hasattr(signal, "SIGPIPE"):
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # if the reader has gone the script ends in silence
flags = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
flags.add_argument("--axes", default="", help="what the axes of a sample are, if not what the file says: CHW channels, HWC, DHW planes, …")
flags.add_argument("--nan", type=float, metavar="VALUE", help="put VALUE where there is NaN, with which bdtrain does not train")

def convert(read):  # read returns array and axes of a sample by its path
    """Writes samples. The class is the name of the folder, if there are several."""
    flags.add_argument("paths", nargs="+", type=pathlib.Path, metavar="PATH")
    args = flags.parse_args()
    folders = [pathlib.Path(os.path.abspath(path)).parent.name for path in args.paths]
    def sample(path, folder):  # the key has no dot in its last part, where it would end, and no .. or __name__
        name = path.name if path.is_dir() else re.sub(r"\.[A-Za-z]\w*(\.(gz|bz2|fz))?$", "", path.name)
        parts = [re.sub("^__(.*)__$", r"\1", part) for part in path.parts[:-1] if part not in (path.anchor, "..")]
        try:
            return ("/".join([*parts, name.replace(".", "_")]), *read(path), folder)
        except Exception as e:
            raise ValueError(f"{path}: {str(e) or repr(e)}")
    classes = sorted(set(folders))
    tensorstream.write(args, map(sample, args.paths, folders if classes[1:] else [None] * len(folders)), classes if classes[1:] else None)
