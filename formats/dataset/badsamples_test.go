package dataset

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// TestMissing: values that are not finite are returned if the caller allows them.
func TestMissing(t *testing.T) {
	samples := ramps(2, 2, 2)
	samples[1].X[3], samples[1].X[0] = float32(math.NaN()), float32(math.Inf(1))
	for form, content := range map[string][]byte{"stream": streamOf(t, stream.Zstd, stream.Metadata{}, samples...), "npy": arrayOf(t, npy.Float32, samples)} {
		got, _, err := read("", bytes.NewReader(content), Options{Missing: true})
		if err != nil || len(got) != 2 || got[1].X[3] == got[1].X[3] || !math.IsInf(float64(got[1].X[0]), 1) || got[1].X[1] != samples[1].X[1] {
			t.Errorf("%s: got %v, %v", form, got, err)
		}
	}
}

// TestBadSamples: something is wrong with the last sample, in each form.
func TestBadSamples(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	classes := stream.Metadata{Classes: []string{"cat", "dog", "eel"}}
	for _, c := range []struct {
		what   string
		d      stream.Metadata
		spoil  func(s *stream.Sample)
		want   string
		arrays bool // can be told of an array as well
	}{
		{"NaN", classes, func(s *stream.Sample) { s.X[3] = nan }, "sample 000003: the value in row 1, column 1 is NaN", true},
		{"infinity", classes, func(s *stream.Sample) { s.X[0] = inf }, "sample 000003: the value in row 0, column 0 is -Inf", true},
		{"other shape", classes, func(s *stream.Sample) { s.Shape = []int{4, 1} }, "sample 000003 has shape [4 1], but sample 000000 has [2 2]", false},
		{"other channels", classes, func(s *stream.Sample) { s.Shape, s.X = []int{3, 2, 2}, make([]float32, 12) }, "sample 000003 has shape [3 2 2], but sample 000000 has [2 2]", false},
		{"one dimension", classes, func(s *stream.Sample) { s.Shape = []int{4} }, "sample 000003 has shape [4], but sample 000000 has [2 2]", false},
		{"five axes", classes, func(s *stream.Sample) { s.Shape = []int{1, 1, 1, 2, 2} }, "sample 000003 has shape [1 1 1 2 2]; want [W], [H,W], [C,H,W] or [C,D,H,W], none of them 0", false},
		{"a volume", classes, func(s *stream.Sample) { s.Shape = []int{1, 1, 2, 2} }, "sample 000003 has shape [1 1 2 2], but sample 000000 has [2 2]", false},
		{"empty", classes, func(s *stream.Sample) { s.Shape, s.X = []int{2, 0}, nil }, "sample 000003 has shape [2 0]; want [W], [H,W], [C,H,W] or [C,D,H,W], none of them 0", false},
		{"no label", classes, func(s *stream.Sample) { s.HasLabel = false }, "sample 000003 has no label, only .x.npy; a label is a member .cls of that name; members of a sample stand together: find DIR -type f | LC_ALL=C sort | tar -cf x.tar -T -", false},
		{"negative label", classes, func(s *stream.Sample) { s.Label = -2 }, "sample 000003: label -2 is negative", false},
		{"label out of range", classes, func(s *stream.Sample) { s.Label = 3 }, "sample 000003: label 3, but there are 3 classes, numbered from 0", false},
		{"huge label", stream.Metadata{}, func(s *stream.Sample) { s.Label = 1 << 20 }, "sample 000003: label 1048576 is more than the limit of 1048575", false},
		{"name of no class", classes, func(s *stream.Sample) { s.HasLabel, s.LabelText = false, "fox" }, `sample 000003: label "fox" is none of the 3 classes, which are "cat", "dog", "eel"`, false},
		{"long name of no class", classes, func(s *stream.Sample) {
			s.HasLabel, s.LabelText = false, strings.Repeat("a", 39)+"é"+strings.Repeat("a", 100)
		}, `sample 000003: label "` + strings.Repeat("a", 39) + `"… is none of the 3 classes, which are "cat", "dog", "eel"`, false},
		{"name without classes", stream.Metadata{}, func(s *stream.Sample) { s.HasLabel, s.LabelText = false, "cat" }, `sample 000003: label "cat" is a name, and no member __meta__/dataset.json before it names the classes`, false},
	} {
		samples := ramps(4, 2, 2)
		c.spoil(samples[3])
		data := map[string][]byte{"stream": streamOf(t, stream.Zstd, c.d, samples...)}
		if c.arrays {
			data["npy"] = arrayOf(t, npy.Float32, samples)
			data["npy f8"] = arrayOf(t, npy.Float64, samples)
			data["npz"] = zipped(t, 0, "x.npy", data["npy"], "y.npy", labelsOf(t, 0, 1, 2, 0))
		}
		for form, content := range data {
			o := Options{NeedLabels: !strings.HasPrefix(form, "npy")}
			loaded := c.want // when all labels are known
			if c.what == "name without classes" {
				loaded = `sample 000000: label "0" is a number, but that of sample 000003 is a name, "cat"; make all of them names or all numbers, or name the classes in __meta__/dataset.json`
			}
			got, _, err := read("", bytes.NewReader(content), o)
			expect(t, form+" "+c.what, err, "reading stdin: "+c.want, nil)
			if len(got) != 3 {
				t.Errorf("%s %s: %d samples before the bad one", form, c.what, len(got))
			}
			for _, memory := range []int64{0, 20} {
				o.Memory = memory
				_, err = Load("", bytes.NewReader(content), o)
				expect(t, form+" "+c.what+", table", err, "reading stdin: "+loaded, nil)
			}
			name := writeFile(t, "data", content)
			_, err = Load(name, nil, o)
			expect(t, form+" "+c.what+", table of a file", err, "reading "+name+": "+loaded, nil)
		}
	}
}

func TestDoubleBeyondFloat32(t *testing.T) {
	array := npyText("f8", "(1, 1, 1)", "\x00\x00\x00\x00\x00\x00\xf0\x7e") // 2^(0x7ef-1023)
	const want = "sample 000000: npy: element 0 is 2.7430620343968443e+303, beyond the range of float32"
	_, err := Load("", strings.NewReader(array), Options{})
	expect(t, "stdin", err, "reading stdin: "+want, nil)
	name := writeFile(t, "x.npy", []byte(array))
	_, err = Load(name, nil, Options{})
	expect(t, "file", err, "reading "+name+": "+want, nil)
}
