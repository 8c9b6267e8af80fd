package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
)

// forms returns the samples in every form, and files of labels for those forms that have none.
func forms(t *testing.T, samples []*stream.Sample) (data map[string][]byte, labels map[string]string) {
	t.Helper()
	var y []int64
	for _, s := range samples {
		y = append(y, int64(s.Label))
	}
	labelFile := writeFile(t, "y.npy", labelsOf(t, y...))
	d := stream.Metadata{Tool: "test"}
	data = map[string][]byte{
		"zstd":                  streamOf(t, stream.Zstd, d, samples...),
		"tar":                   streamOf(t, stream.None, d, samples...),
		"gzip":                  hostile.Gzip(streamOf(t, stream.None, d, samples...), 0),
		"skippable":             append([]byte("\x5a\x2a\x4d\x18\x03\x00\x00\x00abc"), streamOf(t, stream.Zstd, d, samples...)...), // RFC 8878, 3.1.2
		"npy f4":                arrayOf(t, npy.Float32, samples),
		"npy f8":                arrayOf(t, npy.Float64, samples),
		"npy f2":                arrayOf(t, npy.Float16, samples),
		"npz":                   zipped(t, 0, "x.npy", arrayOf(t, npy.Float32, samples), "y.npy", labelsOf(t, y...)),
		"npz deflated, y first": zipped(t, 8, "y.npy", labelsOf(t, y...), "note.txt", []byte("hello"), "x.npy", arrayOf(t, npy.Float64, samples)),
		"npz x":                 zipped(t, 8, "x.npy", arrayOf(t, npy.Float32, samples)),
	}
	return data, map[string]string{"npy f4": labelFile, "npy f8": labelFile, "npy f2": labelFile, "npz x": labelFile}
}

// TestOpenEveryForm reads every form from a file and from stdin, in reads of any size.
func TestOpenEveryForm(t *testing.T) {
	for _, shape := range [][]int{{6}, {2, 3}, {3, 2, 1}} {
		want := ramps(5, shape...)
		data, labels := forms(t, want)
		for form, content := range data {
			o := Options{Labels: labels[form], NeedLabels: true}
			got, d, err := read(writeFile(t, "data", content), nil, o)
			if err == nil {
				err = same(got, want)
			}
			if err != nil {
				t.Errorf("%s from a file: %v", form, err)
			}
			if isStream := !strings.HasPrefix(form, "np"); isStream != (d.Tool == "test") {
				t.Errorf("%s: metadata %v", form, d)
			}
			for how, r := range map[string]io.Reader{
				"stdin": bytes.NewReader(content), "one byte": iotest.OneByteReader(bytes.NewReader(content)), "data and EOF": iotest.DataErrReader(bytes.NewReader(content)),
			} {
				for _, memory := range []int64{0, 100} { // an archive is kept in memory, or in a file
					o.Memory = memory
					got, _, err := read("-", r, o)
					if err == nil {
						err = same(got, want)
					}
					if err != nil {
						t.Errorf("%s from %s, memory %d: %v", form, how, memory, err)
					}
					r = bytes.NewReader(content)
				}
			}
		}
	}
}

func TestOpenWithoutLabels(t *testing.T) {
	samples := ramps(3, 2, 2)
	for _, s := range samples {
		s.Label, s.HasLabel = 0, false
	}
	for form, content := range map[string][]byte{
		"stream": streamOf(t, stream.Zstd, stream.Metadata{}, samples...), "npy": arrayOf(t, npy.Float32, samples), "npz": zipped(t, 0, "x.npy", arrayOf(t, npy.Float32, samples)),
	} {
		got, _, err := read("", bytes.NewReader(content), Options{})
		if err == nil {
			err = same(got, samples)
		}
		if err != nil {
			t.Errorf("%s: %v", form, err)
		}
		table, err := Load("", bytes.NewReader(content), Options{})
		if err == nil {
			err = sameTable(table, samples)
		}
		if err != nil || len(table.Classes()) != 0 {
			t.Errorf("%s as a table: %v", form, err)
		}
		_, _, err = read("", bytes.NewReader(content), Options{NeedLabels: true})
		expect(t, form, err, map[string]string{
			"stream": "reading stdin: sample 000000 has no label, only .x.npy; a label is a member .cls of that name; members of a sample stand together: find DIR -type f | LC_ALL=C sort | tar -cf x.tar -T -",
			"npy":    "reading stdin: an array of samples has no labels",
			"npz":    "reading stdin: npz: no labels, which would be member y.npy",
		}[form], nil)
	}
}

func TestOpenRefusesInput(t *testing.T) {
	samples := ramps(2, 2, 2)
	array := arrayOf(t, npy.Float32, samples)
	labels := labelsOf(t, 0, 1)
	labelFile := writeFile(t, "y.npy", labels)
	const sizes = "; want samples as [N,W], [N,H,W], [N,C,H,W] or [N,C,D,H,W], with no size but N 0"
	for _, c := range []struct {
		what, content, labels, want string
		kind                        error
	}{
		{"nothing", "", "", "no data (0 bytes)", io.ErrUnexpectedEOF},
		{"text", strings.Repeat("1,2,3\n", 100), "", `stream: not a tar archive but text: it starts with "1,2,3\n1,2,3\n1,2,"; want a tensor stream (tar, plain, zstd or gzip), .npy or .npz`, nil},
		{"short text", "hello, world\n", "", `stream: data ends after 13 bytes of the first tar header; found "hello, world\n", want a tensor stream (tar, plain, zstd or gzip), .npy or .npz`, nil},
		{"bzip2", "BZh91AY&SY", "", `stream: not a tar archive but bzip2 data; decompress it first with bzip2 -dc; want a tensor stream (tar, plain, zstd or gzip), .npy or .npz`, nil},
		{"npy.gz", string(hostile.Gzip([]byte("\x93NUMPY\x01\x00"), 0)), "", `stream: not a tar archive but a .npy array; decompress it first with gzip -dc`, nil},
		{"npy.gz with labels", string(hostile.Gzip([]byte("\x93NUMPY\x01\x00"), 0)), labelFile, `stream: not a tar archive but a .npy array; decompress it first with gzip -dc`, nil},
		{"labels for a stream", string(streamOf(t, stream.Zstd, stream.Metadata{}, samples...)), labelFile, "the samples of a tensor stream bring their own labels", nil},
		{"labels twice", string(zipped(t, 0, "x.npy", array, "y.npy", labels)), labelFile, "npz: there are labels in the archive (y) and in a file", nil},
		{"no x", string(zipped(t, 0, "z.npy", labels, "y.npy", labels)), "", "npz: no member x.npy among 2 (\"z, y\"), and none whose name or shape says that it holds the samples", nil},
		{"zip of pictures", string(zipped(t, 0, "photos/", []byte(nil), "photos/cats/1.png", array)), "", "this zip archive has no arrays, but files such as photos/cats/1.png; unpack it and name the folder", nil},
		{"empty zip", string(zipped(t, 0)), "", "npz: the archive has no arrays", nil},
		{"empty x", string(zipped(t, 0, "x.npy", []byte(""))), "", "npz: member x.npy: npy: no data", io.ErrUnexpectedEOF},
		{"labels as x", string(labels), "", "array of shape [2]" + sizes, nil},
		{"six dimensions", npyText("f4", "(1, 1, 1, 1, 1, 1)", "abcd"), "", "array of shape [1 1 1 1 1 1]" + sizes, nil},
		{"empty samples without end", npyText("f4", "(100000000000000000, 0, 3)", ""), "", "array of shape [100000000000000000 0 3]" + sizes, nil},
		{"data behind", string(array) + "x", "", "data follow the array", nil},
		{"data behind in an archive", string(zipped(t, 8, "x.npy", append(array[:len(array):len(array)], 'x'), "y.npy", labels)), "", "npz: member x.npy: data follow the array", nil},
		{"cut array", string(array[:len(array)-4]), "", "npy: data ends after 28 of 32 bytes", io.ErrUnexpectedEOF},
		{"too few labels", string(zipped(t, 0, "x.npy", array, "y.npy", labelsOf(t, 0))), "", "npz: member y.npy: 1 labels for 2 samples", nil},
		{"labels of two dimensions", string(zipped(t, 0, "x.npy", array, "y.npy", []byte(npyText("u1", "(2, 2)", "\x00\x01\x01\x00")))), "", "npz: member y.npy: array of shape [2 2]; want one label for each of 2 samples, [N], [N,1] or [1,N]; of rows with a 1 for the class take argmax(axis=1)", nil},
		{"labels of another two dimensions", string(zipped(t, 0, "x.npy", array, "y.npy", []byte(npyText("u1", "(1, 3)", "\x00\x01\x01")))), "", "npz: member y.npy: array of shape [1 3]; want one label for each of 2 samples, [N], [N,1] or [1,N]", nil},
		{"labels that are no numbers", string(zipped(t, 0, "x.npy", array, "y.npy", []byte(npyText("f4", "(2,)", "\x00\x00\x00\x00\x00\x00\x00\x3f")))), "", "npz: member y.npy: npy: element 1 is 0.5, not a whole number", nil},
		{"negative label", string(zipped(t, 0, "x.npy", array, "y.npy", labelsOf(t, 0, -2))), "", "npz: member y.npy: sample 000001: label -2 is negative", nil},
		{"huge label", string(zipped(t, 0, "x.npy", array, "y.npy", labelsOf(t, 0, 1<<40))), "", "npz: member y.npy: sample 000001: label 1099511627776 is more than the limit of 1048575", nil},
	} {
		_, _, err := read("", strings.NewReader(c.content), Options{Labels: c.labels})
		expect(t, c.what, err, "reading stdin: "+c.want, c.kind)
		_, err = Load("-", strings.NewReader(c.content), Options{Labels: c.labels})
		expect(t, c.what+", table", err, "reading stdin: "+c.want, c.kind)
		name := writeFile(t, "data", []byte(c.content))
		if _, _, err = read(name, nil, Options{Labels: c.labels}); err == nil || !strings.HasPrefix(err.Error(), "reading "+name+": ") {
			t.Errorf("%s in a file: %v", c.what, err)
		}
		if _, err = Load(name, nil, Options{Labels: c.labels}); err == nil || !strings.HasPrefix(err.Error(), "reading "+name+": ") {
			t.Errorf("%s in a file, table: %v", c.what, err)
		}
	}
}

func TestOpenRefusesLabelFiles(t *testing.T) {
	array := arrayOf(t, npy.Float32, ramps(2, 2, 2))
	x := writeFile(t, "x.npy", array)
	for content, want := range map[string]string{
		string(labelsOf(t, 0, 1, 2)):                      "3 labels for 2 samples",
		string(labelsOf(t)):                               "0 labels for 2 samples",
		string(labelsOf(t, 0, 1)[:140]):                   "npy: data ends after 12 of 16 bytes",
		npyText("f8", "(2, 2)", string(make([]byte, 32))): "array of shape [2 2]; want one label for each of 2 samples, [N], [N,1] or [1,N]; of rows with a 1 for the class take argmax(axis=1)",
	} {
		y := writeFile(t, "y.npy", []byte(content))
		_, err := Open(x, nil, Options{Labels: y})
		expect(t, want, err, fmt.Sprintf("reading %s: labels %s: %s", x, y, want), nil)
		_, err = Open("", bytes.NewReader(array), Options{Labels: y})
		expect(t, want, err, fmt.Sprintf("reading stdin: labels %s: %s", y, want), nil)
	}
	_, err := Open(x, nil, Options{Labels: filepath.Join(t.TempDir(), "none.npy")})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file of labels: %v", err)
	}
	if _, err = Open(filepath.Join(t.TempDir(), "none.npy"), nil, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err = Open(x, nil, Options{Labels: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a folder of labels: %v", err)
	}
}

// TestClosedSource: after Close a source is not read, which would crash the program if its file was mapped.
func TestClosedSource(t *testing.T) {
	s, err := Open(writeFile(t, "x.npy", arrayOf(t, npy.Float32, ramps(2, 2, 2))), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(); err == nil || err == io.EOF {
		t.Errorf("Next after Close: %v", err)
	}
}

// TestSamplesAreTheCallers: X of a source may be written to, whatever the input.
func TestSamplesAreTheCallers(t *testing.T) {
	want := ramps(5, 2, 3)
	data, labels := forms(t, want)
	for form, content := range data {
		name := writeFile(t, "data", content)
		for range 2 {
			got, _, err := read(name, nil, Options{Labels: labels[form]})
			if err == nil {
				err = same(got, want)
			}
			if err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			for _, s := range got {
				clear(s.X)
			}
		}
	}
}

// TestReuse: a source that gets its samples back allocates no new ones, and holds no more than Held says.
func TestReuse(t *testing.T) {
	const n, size = 24, 64 * 64 * 4
	want := ramps(n, 64, 64)
	data, labels := forms(t, want)
	for form, content := range data {
		for _, file := range []bool{false, true} {
			name, stdin := "", io.Reader(bytes.NewReader(content))
			if file {
				name, stdin = writeFile(t, "data", content), nil
			}
			s, err := Open(name, stdin, Options{Labels: labels[form]})
			if err != nil {
				t.Fatal(err)
			}
			next := func() {
				sample, err := s.Next()
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				s.Reuse(sample.X)
			}
			next()
			next()
			cost := hostile.Allocated(func() {
				for range n - 3 {
					next()
				}
			})
			if cost > (n-3)*size/3 && !raced {
				t.Errorf("%s, file %v: %d samples of %d bytes cost %d", form, file, n-3, size, cost)
			}
			heap, mapped := s.Held()
			const window, buffers = 8 << 20, 20 << 10 // of zstd, and of an archive that was read from a pipe
			if most := int64(len(content) + 4*size + window + buffers); heap < size || heap > most || mapped > int64(len(content)) {
				t.Errorf("%s, file %v: holds %d and %d bytes, want at most %d and %d", form, file, heap, mapped, most, len(content))
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
