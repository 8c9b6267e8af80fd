package dataset

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
	"backdrop/lib/resize"
)

// differing returns samples of three channels of different sizes.
func differing(n int) (all []*stream.Sample) {
	for i := range n {
		s := ramps(1, 3, 4+i%3, 5+i%2)[0]
		s.Key, s.Label = fmt.Sprintf("%06d", i), i%2
		for j := range s.X {
			s.X[j] += float32(i)
		}
		all = append(all, s)
	}
	return all
}

// resized returns what samples become.
func resized(samples []*stream.Sample, to ...int) (all []*stream.Sample) {
	var z resize.Resizer
	for _, s := range samples {
		r := *s
		r.Shape = append([]int{s.Shape[0]}, to...)
		r.X = make([]float32, dims.Count(r.Shape))
		z.Resize(r.X, s.Source(), s.Shape[0], s.Shape[1:], to)
		all = append(all, &r)
	}
	return all
}

// Samples are resized as they are read, in every form, in memory, in a temporary file and out of a file that they stay in; their
// buffers are used again.
func TestResizeEveryForm(t *testing.T) {
	small := pixels.Small
	t.Cleanup(func() { pixels.Small = small })
	for _, largest := range []int{small, 0} {
		pixels.Small = largest
		for what, samples := range map[string][]*stream.Sample{"one size": ramps(5, 3, 6, 8), "sizes": differing(7)} {
			want := resized(samples, 4, 3)
			data := map[string][]byte{"tar": streamOf(t, stream.None, stream.Metadata{}, samples...), "zstd": streamOf(t, stream.Zstd, stream.Metadata{}, samples...)}
			labels := ""
			if what == "one size" {
				data["npy"] = arrayOf(t, npy.Float32, samples)
				labels = writeFile(t, "y.npy", labelsOf(t, 0, 1, 2, 0, 1))
			}
			for form, content := range data {
				sides, _ := dims.ParseSides("4x3")
				o := Options{Resize: sides, NeedLabels: true, InPlace: true}
				if form == "npy" {
					o.Labels = labels
				}
				name := writeFile(t, "data", content)
				for _, memory := range []int64{0, 1, 300} {
					o.Memory = memory
					for how, load := range map[string]func() (*Table, error){
						"file": func() (*Table, error) { return Load(name, nil, o) },
						"pipe": func() (*Table, error) { return Load("", bytes.NewReader(content), o) },
					} {
						table, err := load()
						if err == nil {
							err = sameTable(table, want)
						}
						if err != nil {
							t.Fatalf("%s, %s in a %s, memory %d: %v", what, form, how, memory, err)
						}
						if table.Shapes() != nil || !slices.Equal(table.Shape, []int{3, 4, 3}) {
							t.Errorf("%s: shapes %v and %v", what, table.Shape, table.Shapes())
						}
						table.Close()
					}
				}
				s, err := Open(name, nil, o)
				if err != nil {
					t.Fatal(err)
				}
				for i := range want {
					sample, err := s.Next()
					if err != nil || sample.Array != nil || !slices.Equal(sample.X, want[i].X) {
						t.Fatalf("%s, %s: sample %d is %+v, want %+v; %v", what, form, i, sample, want[i], err)
					}
					s.Reuse(sample.X)
					if n := len(s.(*checked).resized.spare); n != 1 {
						t.Errorf("%s, %s: %d buffers wait", what, form, n)
					}
				}
				s.Close()
			}
		}
	}
}

// Samples that may differ in size keep it, also in a temporary file.
func TestLoadSizes(t *testing.T) {
	want := differing(11)
	content := streamOf(t, stream.None, stream.Metadata{}, want...)
	name := writeFile(t, "x.tar", content)
	for _, memory := range []int64{0, 1, 700, 1 << 20} {
		for _, load := range []func(Options) (*Table, error){
			func(o Options) (*Table, error) { return Load(name, nil, o) },
			func(o Options) (*Table, error) { return Load("", bytes.NewReader(content), o) },
		} {
			table, err := load(Options{Sizes: true, Memory: memory, NeedLabels: true})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(table.Shape, []int{3, 6, 6}) || !table.InPlace() || table.Len() != len(want) {
				t.Errorf("%d samples of up to %v", table.Len(), table.Shape)
			}
			for i, w := range want {
				x := make([]float32, len(w.X))
				if pixels.Read(x, table.Sample(i), 3); !slices.Equal(x, w.X) || !slices.Equal(table.Shapes()[i], w.Shape) {
					t.Errorf("memory %d: sample %d is %v %v, want %v %v", memory, i, table.Shapes()[i], x, w.Shape, w.X)
				}
			}
			table.Close()
		}
	}
	same := ramps(4, 3, 2, 2)
	table, err := Load("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, same...)), Options{Sizes: true, Memory: 1})
	if err == nil {
		err = sameTable(table, same)
	}
	if err != nil || table.Shapes() != nil {
		t.Errorf("where all are the same: %v, shapes %v", err, table.Shapes())
	}
}

// Where all must have one size the error knows the smallest sample, also of those behind the first that differs.
func TestSizesError(t *testing.T) {
	samples := differing(4)
	small := ramps(1, 3, 9, 2)[0]
	small.Key = "z"
	content := streamOf(t, stream.Zstd, stream.Metadata{}, append(samples, small)...)
	for _, o := range []Options{{}, {NeedLabels: true, Memory: 1}} {
		_, err := Load("", bytes.NewReader(content), o)
		e, ok := err.(interface{ Unwrap() error })
		if !ok {
			t.Fatal(err)
		}
		differ, ok := e.Unwrap().(*SizesError)
		if !ok || !slices.Equal(differ.Least, []int{4, 2}) || err.Error() != "reading stdin: sample 000001 has shape [3 5 6], but sample 000000 has [3 4 5]" {
			t.Errorf("got %v, the smallest %v", err, differ)
		}
	}
	for what, other := range map[string]*stream.Sample{"channels": ramps(1, 2, 4, 5)[0], "axes": ramps(1, 3, 4)[0]} {
		other.Key = "z"
		_, err := Load("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, samples[0], other)), Options{Sizes: true})
		if err == nil || !strings.Contains(err.Error(), "sample z has shape") {
			t.Errorf("other %s: %v", what, err)
		}
	}
}

// What cannot be resized is one line that names the sample; a value that is not finite is named by its place in the sample as it came.
func TestResizeErrors(t *testing.T) {
	sides := func(text string) dims.Sides { s, _ := dims.ParseSides(text); return s }
	bad := ramps(1, 3, 20, 20)[0]
	bad.X[777] = float32(math.NaN())
	for _, c := range []struct {
		samples []*stream.Sample
		o       Options
		want    string
	}{
		{ramps(1, 3, 4, 5), Options{Resize: sides("2x3x4")}, "sample 000000 has shape [3 4 5], which cannot be resized to 2x3x4: it has 2 axes besides channels"},
		{ramps(1, 3, 4, 5), Options{Resize: sides("20000"), Limits: stream.Limits{Member: 1 << 20}}, "sample 000000 takes 4800000000 bytes once it is resized to 20000, and 1048576 may be in memory; take a smaller size"},
		{[]*stream.Sample{bad}, Options{Resize: sides("2")}, "sample 000000: the value in channel 1, row 18, column 17 is NaN"},
		{append(ramps(1, 3, 4, 5), func() *stream.Sample { s := ramps(1, 1, 4, 5)[0]; s.Key = "grey"; return s }()), Options{Resize: sides("2")}, "sample grey has shape [1 4 5], but sample 000000 has [3 4 5]"},
	} {
		_, err := Load("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, c.samples...)), c.o)
		expect(t, "resizing", err, "reading stdin: "+c.want, nil)
	}
	c := Options{Resize: sides("2"), Missing: true}
	got, _, err := read("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, bad)), c)
	if err != nil || len(got) != 1 || got[0].X[7] == got[0].X[7] || got[0].X[0] != got[0].X[0] {
		t.Errorf("with missing values: %v, %v", got, err)
	}
}

// A line says once that aspects change by more than 2 times.
func TestStretchIsNoted(t *testing.T) {
	var lines []string
	o := Options{Resize: dims.Square(4), Note: func(line string) { lines = append(lines, line) }, Dimensions: 2}
	samples := append(ramps(1, 3, 10, 20), ramps(3, 3, 10, 25)...)
	for i, s := range samples {
		s.Key = string(rune('a' + i))
	}
	if _, _, err := read("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, samples...)), o); err != nil {
		t.Fatal(err)
	}
	if want := []string{"reading stdin: sample b is resized from 10x25 to 4x4, which changes its aspect by 2.5 times; crops (or padding beforehand) keep it"}; !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

// A temporary file of samples of different sizes has disappeared.
func TestSizesLeaveNoFile(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	table, err := Load("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, differing(6)...)), Options{Sizes: true, Memory: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if names, err := os.ReadDir(temp); err != nil || len(names) != 0 {
		t.Errorf("temporary files are left: %v %v", names, err)
	}
	if len(table.kept) != 0 {
		t.Errorf("%d samples are in memory", len(table.kept))
	}
}
