package stream

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
)

// run runs a program with this standard input and returns its output.
func run(t *testing.T, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	return golden.Run(t, "", stdin, name, args...)
}

func python(t *testing.T) string {
	t.Helper()
	return golden.Python(t, "numpy")
}

func TestTarAndZstdReadOurs(t *testing.T) {
	golden.Programs(t, "tar", "zstd")
	for _, files := range [][]file{files, manyJobs()} {
		dir := t.TempDir()
		name := filepath.Join(dir, "a.tar.zst")
		if err := os.WriteFile(name, writeFiles(t, Zstd, files), 0o666); err != nil {
			t.Fatal(err)
		}
		run(t, nil, "zstd", "-qt", name)
		var names string
		for _, f := range files {
			names += f.name + "\n"
		}
		if got := string(run(t, nil, "tar", "--zstd", "-tf", name)); got != names {
			t.Errorf("tar lists %q, want %q", got, names)
		}
		run(t, nil, "tar", "--zstd", "-C", dir, "-xf", name)
		for _, f := range files {
			if got, err := os.ReadFile(filepath.Join(dir, f.name)); err != nil || string(got) != f.data {
				t.Errorf("%s: extracted %d bytes, %v; want %d", f.name, len(got), err, len(f.data))
			}
		}
	}
}

// tree creates a folder of samples and returns its contents.
func tree(t *testing.T) (string, []file) {
	t.Helper()
	dir := t.TempDir()
	long := strings.Repeat("long", 30) + "/" + strings.Repeat("name", 30)
	files := []file{
		{"0.cls", "1"}, {"0.npy", npyHeader(npy.Uint8, 2) + "\x01\x02"},
		{"sub.d/1.cls", "2"}, {"sub.d/1.npy", npyHeader(npy.Uint8, 1) + "\x03"},
		{long + ".npy", npyHeader(npy.Uint8, 0)}, {"übung.npy", npyHeader(npy.Uint8, 0)},
	}
	for _, f := range files {
		name := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sortFiles(files)
	return dir, files
}

func sortFiles(files []file) {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
}

func TestReadTarOfGNUTar(t *testing.T) {
	golden.Programs(t, "tar", "zstd")
	dir, want := tree(t)
	for _, args := range [][]string{
		{"."}, {"--format=gnu", "."}, {"--format=posix", "."}, {"--sort=name", "."},
		{"--zstd", "."}, {"--blocking-factor=2048", "."}, {"0.cls", "0.npy", "sub.d", "long" + strings.Repeat("long", 29), "übung.npy"},
	} {
		got, err := readFiles(bytes.NewReader(run(t, nil, "tar", append([]string{"-C", dir, "-cf", "-"}, args...)...)), Limits{})
		sortFiles(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("tar %q: %.200q, %v", args, got, err)
		}
	}
}

// TestTogether packs members as the errors say that would be apart in the order of the folder or of other locales than C.
func TestTogether(t *testing.T) {
	names := []string{"s1", "s1-b", "s1 b", "s10", "S1", "s", "s1_", "two  spaces", "übung", "-dash", "back\\slash", "nested/s1", "nested.d/s1", "quote'\"s"}
	dir := t.TempDir()
	for _, name := range names {
		name = filepath.Join(dir, "data set", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		for ending, data := range map[string]string{".cls": "1", ".x.npy": npyHeader(npy.Uint8, 1) + "\x01", ".json": "{}"} {
			if err := os.WriteFile(name+ending, []byte(data), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, advice, _ := strings.Cut((&Reader{m: &MemberReader{}}).apart("a"), ": ")
	for _, tar := range []string{"tar", "bsdtar"} {
		golden.Programs(t, tar)
		script := strings.NewReplacer("DIR", `"data set"`, " tar ", " "+tar+" ").Replace(advice)
		golden.Run(t, dir, nil, "sh", "-ec", script)
		data, err := os.ReadFile(filepath.Join(dir, "x.tar"))
		if err != nil {
			t.Fatal(err)
		}
		_, samples, err := readSamples(bytes.NewReader(data), Limits{})
		if err != nil || len(samples) != len(names) {
			t.Errorf("%s: %d of %d samples, %v", script, len(samples), len(names), err)
		}
		for _, s := range samples {
			if s.LabelText != "1" || s.Info == nil {
				t.Errorf("%s: sample %s has lost members", script, s.Key)
			}
		}
	}
}

func TestReadZstdOfZstd(t *testing.T) {
	golden.Programs(t, "zstd")
	want := manyJobs()
	plain := writeFiles(t, None, want)
	sized := fmt.Sprintf("--stream-size=%d", len(plain))
	for _, args := range []string{"-1 -T2", "-12", "--fast=5", "--no-check", "--rsyncable -T2", sized, "--long=27"} {
		got, err := readFiles(bytes.NewReader(run(t, plain, "zstd", append(strings.Fields(args), "-qc")...)), Limits{})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("zstd %s: %d members, %v", args, len(got), err)
		}
	}
	_, err := readFiles(bytes.NewReader(run(t, plain, "zstd", "--long=28", "-qc")), Limits{})
	if err == nil || !strings.Contains(err.Error(), "window or block is too large, the limit is 134217728 bytes") {
		t.Errorf("window of 256 MiB: %v", err)
	}
}

func TestRefuseSparseFilesAndLinks(t *testing.T) {
	golden.Programs(t, "tar")
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "hole.npy"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("x"), 1<<20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := os.Symlink("hole.npy", filepath.Join(dir, "link.npy")); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(dir, "hole.npy"), filepath.Join(dir, "same.npy")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"--sparse --format=gnu hole.npy", "member hole.npy: sparse file"},
		{"--sparse --format=posix hole.npy", "member hole.npy: sparse file"},
		{"--sparse --format=posix --sparse-version=0.1 hole.npy", "member hole.npy: sparse file"},
		{"--sparse --format=posix --sparse-version=0.0 hole.npy", "member hole.npy: sparse file"},
		{"link.npy", "member link.npy: symbolic link"},
		{"hole.npy same.npy", "member same.npy: hard link"},
	} {
		args := append([]string{"-C", dir, "-cf", "-"}, strings.Fields(c.args)...)
		_, err := readFiles(bytes.NewReader(run(t, nil, "tar", args...)), Limits{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("tar %s: %v", c.args, err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "link.npy")); err != nil {
		t.Fatal(err)
	}
	golden.Run(t, dir, nil, "sh", "-ec", "mkdir copy && cp -r *.npy copy")
	for _, args := range []string{ // what the errors say works
		"tar -cf - hole.npy", "tar --format=posix -cf - hole.npy", "tar --hard-dereference -cf - hole.npy same.npy", "tar -cf - copy",
		"bsdtar --no-read-sparse -cf - hole.npy", "bsdtar --no-read-sparse -cf - copy",
	} {
		words := strings.Fields(args)
		golden.Programs(t, words[0])
		if got, err := readFiles(bytes.NewReader(golden.Run(t, dir, nil, words[0], words[1:]...)), Limits{}); err != nil || len(got) == 0 {
			t.Errorf("%s: %d members, %v", args, len(got), err)
		}
	}
	golden.Programs(t, "bsdtar")
	for args, want := range map[string]string{
		"-cf - hole.npy": "member hole.npy: sparse file; pack with bsdtar --no-read-sparse, or GNU tar without --sparse",
		"--no-read-sparse -cf - hole.npy same.npy": "member same.npy: hard link; pack with GNU tar --hard-dereference, or a copy of the folder made with cp -r",
	} {
		_, err := readFiles(bytes.NewReader(golden.Run(t, dir, nil, "bsdtar", strings.Fields(args)...)), Limits{})
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("bsdtar %s: %v", args, err)
		}
	}
}

// The script reads like WebDataset: its regular expressions for keys and for what to skip
// (webdataset/tariterators.py), Python's tarfile, and NumPy.
func TestPythonReadsOurs(t *testing.T) {
	py := python(t)
	const script = `
import io, json, re, sys, tarfile, numpy
tar = tarfile.open(fileobj=sys.stdin.buffer, mode="r|")
samples = {}
for info in tar:
    if not info.isreg() or re.match("__[^/]*__($|/)", info.name):
        continue
    assert (info.mtime, info.uid, info.gid, info.mode) == (0, 0, 0, 0o644), info
    key, kind = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", info.name).groups()
    data = tar.extractfile(info).read()
    s = samples.setdefault(key, {"Key": key})
    if kind == "x.npy":
        x = numpy.load(io.BytesIO(data))
        assert x.dtype == numpy.float32, x.dtype
        s["Shape"], s["X"] = x.shape, x.ravel().astype(float).tolist()
    elif kind == "y.npy":
        s["Y"] = numpy.load(io.BytesIO(data)).tolist()
    elif kind == "cls":
        s["Label"] = data.decode()
    else:
        s[kind] = data.decode()
print(json.dumps(list(samples.values()), sort_keys=True))
`
	d, samples := testSamples(t)
	got := string(run(t, writeSamples(t, None, npy.Float32, d, samples), py, "-c", script))
	want := `[{"Key": "000000", "Label": "1", "Shape": [2, 3], "X": [0.0, 1.0, -2.0, 3.5, 3.4028234663852886e+38, 1.401298464324817e-45], "json": "{\"seed\": 1}"}, ` +
		`{"Key": "000001", "Shape": [2, 1, 1], "X": [7.0, 8.0], "Y": [1, -2, 1099511627776]}, ` +
		`{"Key": "a/b", "Label": "spiral galaxy", "Shape": [1], "X": [9.0]}, ` +
		`{"Key": "c", "Label": "-1", "Shape": [0, 4], "X": []}, ` +
		`{"Key": "d", "Shape": [], "X": [4.0], "json": ""}]` + "\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReadTarOfPython(t *testing.T) {
	py := python(t)
	const script = `
import io, json, sys, tarfile, time, numpy
tar = tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=getattr(tarfile, sys.argv[1]))
def add(name, data):
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.uname = len(data), time.time(), "someone"
    tar.addfile(info, io.BytesIO(data))
add("__meta__/dataset.json", json.dumps({"classes": ["cat", "dog"]}).encode())
folder = tarfile.TarInfo("set")
folder.type = tarfile.DIRTYPE
tar.addfile(folder)
for i, dtype in enumerate(["f2", ">f4", "f8", "u1", "i8", "bool"]):
    b = io.BytesIO()
    numpy.save(b, numpy.asfortranarray(numpy.arange(6).reshape(2, 3).astype(dtype)))
    add("set/%d.x.npy" % i, b.getvalue())
    add("set/%d.cls" % i, b"%d\n" % (i % 2))
    add("set/%d.json" % i, json.dumps({"dtype": dtype}).encode())
tar.close()
`
	for _, format := range []string{"USTAR_FORMAT", "GNU_FORMAT", "PAX_FORMAT"} {
		d, samples, err := readSamples(bytes.NewReader(run(t, nil, py, "-c", script, format)), Limits{})
		if err != nil || fmt.Sprint(d.Classes) != "[cat dog]" {
			t.Fatalf("%s: %v, %v", format, d, err)
		}
		var want []*Sample
		for i, dtype := range []string{"f2", ">f4", "f8", "u1", "i8", "bool"} {
			s := &Sample{Key: fmt.Sprintf("set/%d", i), Shape: []int{2, 3}, X: []float32{0, 1, 2, 3, 4, 5},
				Label: i % 2, HasLabel: true, Info: fmt.Appendf(nil, `{"dtype": %q}`, dtype)}
			if dtype == "bool" {
				s.X = []float32{0, 1, 1, 1, 1, 1}
			}
			want = append(want, s)
		}
		sameSamples(t, samples, want)
	}
}
