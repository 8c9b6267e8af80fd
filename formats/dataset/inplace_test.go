package dataset

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/stream"
	testforms "backdrop/internal/testkit/forms"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// allLarge makes samples of two values and more large.
func allLarge(t *testing.T) {
	was := pixels.Small
	pixels.Small = 1
	t.Cleanup(func() { pixels.Small = was })
}

// archiveOf packs members: name, content, name, content, …
func archiveOf(t testing.TB, format tar.Format, members ...string) []byte {
	t.Helper()
	b, err := testforms.Tar(format, members...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// values reads a sample whole.
func values(s pixels.Source, shape []int) []float32 {
	x := make([]float32, dims.Count(shape))
	pixels.Read(x, s, shape[0])
	return x
}

// sameInPlace compares what is read into memory with what is left in a file, one after the other and as a table.
func sameInPlace(t *testing.T, what, name string, o Options) {
	t.Helper()
	want, info, err := read(name, nil, o)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	o.InPlace = true
	got, placed, err := read(name, nil, o) // closed again: only what is in memory may be looked at
	if err != nil || len(got) != len(want) || fmt.Sprint(info) != fmt.Sprint(placed) {
		t.Fatalf("%s: %d samples, want %d, %v", what, len(got), len(want), err)
	}
	source, err := Open(name, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	table, err := Load(name, nil, o)
	if err != nil {
		t.Fatalf("%s: table: %v", what, err)
	}
	for i, w := range want {
		s, err := source.Next()
		if err != nil {
			t.Fatal(err)
		}
		if s.Array == nil || s.X != nil {
			t.Errorf("%s: sample %d is in memory", what, i)
		}
		if s.Key != w.Key || !slices.Equal(s.Shape, w.Shape) || s.Label != w.Label || s.HasLabel != w.HasLabel || !slices.Equal(values(s.Source(), s.Shape), w.X) {
			t.Errorf("%s: sample %d is %s %v %v, want %s %v %v", what, i, s.Key, s.Shape, values(s.Source(), s.Shape), w.Key, w.Shape, w.X)
		}
		if x := values(table.Sample(i), table.Shape); !slices.Equal(x, w.X) || table.Key(i) != w.Key || !slices.Equal(table.Shape, w.Shape) {
			t.Errorf("%s: in the table sample %d is %s %v %v, want %s %v %v", what, i, table.Key(i), table.Shape, x, w.Key, w.Shape, w.X)
		}
	}
	if _, err := source.Next(); err != io.EOF {
		t.Errorf("%s: behind the last: %v", what, err)
	}
	for _, err := range []error{source.Err(), table.Err(), source.Close(), table.Close()} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Samples that stay in their file have the values of those that are read: in arrays and members of tars, of every type, byte order,
// order of the array and of the axes.
func TestSamplesInPlace(t *testing.T) {
	allLarge(t)
	dir := t.TempDir()
	for _, descr := range testforms.DTypes {
		for _, fortran := range []bool{false, true} {
			for axes, shape := range map[string][]int{"": {2, 3, 4}, "NHWC": {3, 4, 2}, "NHW": {3, 4}, "NTC": {5, 2}, "NDHWC": {2, 3, 4, 2}, "NCWH": {2, 3, 4}, "NT": {7}} {
				const n = 3
				all := make([]float32, n*dims.Count(shape))
				for i := range all {
					if all[i] = float32(i % 101); descr == "|b1" {
						all[i] = float32(i * i % 2)
					}
				}
				what := fmt.Sprint(descr, fortran, axes)
				layout, err := ParseLayout(axes)
				if axes == "" {
					layout, err = "", nil
				}
				if err != nil {
					t.Fatal(err)
				}
				array := filepath.Join(dir, "x.npy")
				if err := os.WriteFile(array, testforms.NPY(descr, fortran, append([]int{n}, shape...), all), 0o666); err != nil {
					t.Fatal(err)
				}
				sameInPlace(t, what+" array", array, Options{Axes: layout})
				var members []string
				if axes != "" {
					members = append(members, "__meta__/dataset.json", fmt.Sprintf(`{"axes": %q}`, axes))
				}
				for i := range n {
					size := dims.Count(shape)
					key := fmt.Sprintf("%06d", i)
					if i == 1 {
						key = strings.Repeat("folder/", 20) + key // in a header of its own
					}
					members = append(members, key+".cls", fmt.Sprint(i%2), key+".npy", string(testforms.NPY(descr, fortran, shape, all[i*size:][:size])))
				}
				for format := tar.FormatPAX; format <= tar.FormatGNU; format += tar.FormatGNU - tar.FormatPAX {
					packed := archiveOf(t, format, members...)
					if i := len(members) - 4; format == tar.FormatGNU { // two archives, one behind the other
						packed = append(archiveOf(t, format, members[:i]...), archiveOf(t, format, members[i:]...)...)
					}
					name := filepath.Join(dir, "x.tar")
					if err := os.WriteFile(name, packed, 0o666); err != nil {
						t.Fatal(err)
					}
					sameInPlace(t, what+" tar", name, Options{})
				}
			}
		}
	}
}

// What is wrong with samples in a file is found whether they are read or left there, and said in the same words.
func TestErrorsInPlace(t *testing.T) {
	allLarge(t)
	const good = "\x00\x00\x80\x3f\x00\x00\x00\x40"
	nan := npyText("f4", "(1, 2)", good[:4]+"\x00\x00\xc0\x7f")
	huge := npyText("f8", "(1, 2)", "\x00\x00\x00\x00\x00\x00\xf0\x3f\x9c\x75\x00\x88\x3c\xe4\x37\x7e")
	wide := testforms.NPY("<f4", false, []int{2, 3, 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8, float32(math.Inf(1)), 10, 11, float32(math.NaN())})
	sound := npyText("f4", "(1, 2)", good)
	for what, content := range map[string][]byte{
		"nan":               archiveOf(t, tar.FormatPAX, "0.npy", sound, "1.npy", nan),
		"beyond float32":    archiveOf(t, tar.FormatPAX, "0.npy", huge),
		"in one channel":    archiveOf(t, tar.FormatPAX, "0.npy", string(wide)),
		"array":             wide,
		"another shape":     archiveOf(t, tar.FormatPAX, "0.npy", sound, "1.npy", npyText("f4", "(2, 1)", good)),
		"data behind":       archiveOf(t, tar.FormatPAX, "0.npy", sound+"x"),
		"cut member":        archiveOf(t, tar.FormatPAX, "0.npy", sound[:len(sound)-1]),
		"no array":          archiveOf(t, tar.FormatPAX, "0.npy", "hello, world"),
		"objects":           archiveOf(t, tar.FormatPAX, "0.npy", strings.Replace(sound, "<f4", "|O8", 1)),
		"two arrays":        archiveOf(t, tar.FormatPAX, "0.npy", sound, "0.x.npy", sound),
		"scalar":            archiveOf(t, tar.FormatPAX, "0.npy", npyText("f4", "()", good[:4])),
		"five axes":         archiveOf(t, tar.FormatPAX, "0.npy", npyText("f4", "(1, 1, 1, 1, 2)", good)),
		"labels":            archiveOf(t, tar.FormatPAX, "0.cls", "cat", "0.npy", sound),
		"nothing but names": archiveOf(t, tar.FormatPAX, "__meta__/dataset.json", "{}", "0.cls", "1"),
	} {
		name := writeFile(t, "data", content)
		_, _, want := read(name, nil, Options{})
		if want == nil {
			t.Fatalf("%s: no error", what)
		}
		if what == "beyond float32" { // which the member's name says as well as the sample's key
			want = errors.New(strings.Replace(want.Error(), "stream: member 0.npy", "sample 0", 1))
		}
		if _, _, err := read(name, nil, Options{InPlace: true}); fmt.Sprint(err) != want.Error() {
			t.Errorf("%s in place: %v, want %v", what, err, want)
		}
		if _, err := Load(name, nil, Options{}); fmt.Sprint(err) != want.Error() && what != "labels" {
			t.Errorf("%s as a table: %v, want %v", what, err, want)
		}
	}
	name := writeFile(t, "missing", wide)
	if samples, _, err := read(name, nil, Options{InPlace: true, Missing: true}); err != nil || len(samples) != 2 {
		t.Errorf("missing values: %v", err)
	}
}

// A tar that is cut, at any byte, is an error whether its samples are read or left there, and nearly always the same.
func TestCutTarInPlace(t *testing.T) {
	allLarge(t)
	whole := archiveOf(t, tar.FormatPAX, "0.npy", npyText("f4", "(1, 200)", strings.Repeat("\x00\x00\x80\x3f", 200)), "0.cls", "1", "1.npy", npyText("f4", "(1, 200)", strings.Repeat("\x00\x00\x80\x3f", 200)))
	name := filepath.Join(t.TempDir(), "x.tar")
	for n := 1; n < len(whole); n += 7 {
		if err := os.WriteFile(name, whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		_, _, want := read(name, nil, Options{})
		_, _, got := read(name, nil, Options{InPlace: true})
		if want == nil || fmt.Sprint(got) != want.Error() {
			t.Errorf("cut after %d of %d bytes: %v, want %v", n, len(whole), got, want)
		}
	}
}

// Limits of memory are not those of samples that stay in their file; what has to be read keeps to them.
func TestLimitsInPlace(t *testing.T) {
	was := pixels.Small
	pixels.Small = 100
	defer func() { pixels.Small = was }()
	x := npyText("f4", "(1, 300)", strings.Repeat("\x00\x00\x80\x3f", 300))
	content := archiveOf(t, tar.FormatPAX, "0.npy", x, "1.npy", x)
	o := Options{Limits: stream.Limits{Member: 1000}, Memory: 100}
	name := writeFile(t, "x.tar", content)
	table, err := Load(name, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	if heap, mapped := table.Held(); heap > 2*perSample+100 || mapped == 0 || table.values != 0 {
		t.Errorf("takes %d bytes, and %d of the file", heap, mapped)
	}
	table.Close()
	const text = "reading %s: stream: member 0.npy: 1272 bytes, the limit is 1000"
	for what, err := range map[string]error{
		fmt.Sprintf(text, "stdin"): func() error { _, err := Load("", bytes.NewReader(content), o); return err }(),
		fmt.Sprintf(text, name):    func() error { _, _, err := read(name, nil, o); return err }(),
	} {
		expect(t, what, err, what, nil)
		if a := (*AdvisedError)(nil); !errors.As(err, &a) || a.Advice != LeaveInFile {
			t.Errorf("%s: no advice", what)
		}
	}
	_, err = Load(writeFile(t, "y.tar", archiveOf(t, tar.FormatPAX, "0.npy", x, "0.y.npy", x)), nil, o)
	if err == nil || !strings.HasSuffix(err.Error(), "stream: member 0.y.npy: 1272 bytes, the limit is 1000") {
		t.Errorf("an array that has to be read: %v", err)
	}
}
