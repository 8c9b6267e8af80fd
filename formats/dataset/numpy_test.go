package dataset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/golden"
)

// TestReadsPython reads data sets made with tarfile and NumPy, in the three tar formats and several types of array: the
// samples of ramps.
func TestReadsPython(t *testing.T) {
	dir := t.TempDir()
	golden.NumPy(t, dir, nil, `
import io, json, tarfile, numpy as np
n, shape = 7, (3, 2, 4)
x = np.stack([100 * i + np.arange(24).reshape(shape) for i in range(n)])
y = np.arange(n) % 3

def npy(a):
    f = io.BytesIO()
    np.save(f, a)
    return f.getvalue()

def pack(name, format, convert):
    with tarfile.open(name, "w", format=format) as tar:
        def add(name, data):
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1.5
            tar.addfile(info, io.BytesIO(data))
        add("__meta__/dataset.json", json.dumps({"tool": "numpy", "classes": ["cat", "Füchse", "eel"]}).encode())
        for i in range(n):
            add("%06d.npy" % i, npy(convert(x[i])))
            add("%06d.cls" % i, (["cat", "Füchse", "eel"][y[i]] if i % 2 else "%d\n" % y[i]).encode())
            add("%06d.other.txt" % i, b"not ours")

pack("ustar.tar", tarfile.USTAR_FORMAT, lambda a: a.astype("<f4"))
pack("gnu.tar", tarfile.GNU_FORMAT, lambda a: np.asfortranarray(a.astype(">f8")))
pack("pax.tar", tarfile.PAX_FORMAT, lambda a: a.astype("<i8"))
np.save("x.npy", x.astype("f4"))
np.save("fortran.npy", np.asfortranarray(x.astype(">u2")))
np.save("y.npy", y.astype("u1"))
np.savez("stored.npz", x=x, y=y.astype("f8"))
np.savez_compressed("deflated.npz", x=x.astype("f2"), y=y.astype("i4"))
`)
	want := ramps(7, 3, 2, 4)
	y := filepath.Join(dir, "y.npy")
	for name, labels := range map[string]string{
		"ustar.tar": "", "gnu.tar": "", "pax.tar": "", "x.npy": y, "fortran.npy": y, "stored.npz": "", "deflated.npz": "",
	} {
		file := filepath.Join(dir, name)
		o := Options{Labels: labels, NeedLabels: true}
		got, d, err := read(file, nil, o)
		if err == nil {
			for _, s := range got {
				s.LabelText = ""
			}
			err = same(got, want)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if filepath.Ext(name) == ".tar" && (d.Tool != "numpy" || len(d.Classes) != 3) {
			t.Errorf("%s: metadata %v", name, d)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		table, err := Load("", bytes.NewReader(content), o)
		if err == nil {
			err = sameTable(table, want)
		}
		if err != nil {
			t.Errorf("%s as a table: %v", name, err)
		}
	}
}

// TestPythonReadsOurs gives a stream to a reader written after WebDataset's tariterators.py: members under __*__ are
// skipped, the rest are grouped by the name up to the first dot of its last part.
func TestPythonReadsOurs(t *testing.T) {
	dir := t.TempDir()
	samples := ramps(5, 1, 2, 3)
	samples[4].Key = "folder.d/000004"
	content := streamOf(t, stream.None, stream.Metadata{Tool: "test"}, samples...)
	if err := os.WriteFile(filepath.Join(dir, "data.tar"), content, 0o666); err != nil {
		t.Fatal(err)
	}
	out := golden.NumPy(t, dir, nil, `
import io, json, re, tarfile, numpy as np
groups = []
for member in tarfile.open("data.tar"):
    if not member.isreg() or re.match(r"__[^/]*__($|/)", member.name):
        continue
    key, ext = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", member.name).groups()
    if not groups or groups[-1]["__key__"] != key:
        groups.append({"__key__": key})
    assert ext not in groups[-1]
    groups[-1][ext] = tarfile.open("data.tar").extractfile(member).read()
for g in groups:
    x = np.load(io.BytesIO(g["x.npy"]))
    assert x.dtype == np.float32, x.dtype
    print(json.dumps({"Key": g["__key__"], "Shape": x.shape, "X": x.ravel().tolist(), "Label": int(g["cls"]), "HasLabel": True}))
`)
	var got []*stream.Sample
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		s := &stream.Sample{}
		if err := d.Decode(s); err != nil {
			t.Fatal(err)
		}
		got = append(got, s)
	}
	if err := same(got, samples); err != nil {
		t.Error(err)
	}
	ours, _, err := read("", bytes.NewReader(content), Options{})
	if err == nil {
		err = same(got, ours)
	}
	if err != nil {
		t.Error(fmt.Errorf("ours: %w", err))
	}
}
