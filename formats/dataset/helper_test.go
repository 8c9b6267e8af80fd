package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/pixels"
)

// ramps returns n samples of that shape, labelled 0, 1, 2, 0, …; value j of sample i is 100i+j.
func ramps(n int, shape ...int) []*stream.Sample {
	samples := make([]*stream.Sample, n)
	for i := range samples {
		size := 1
		for _, k := range shape {
			size *= k
		}
		x := make([]float32, size)
		for j := range x {
			x[j] = float32(100*i + j)
		}
		samples[i] = &stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: shape, X: x, Label: i % 3, HasLabel: true}
	}
	return samples
}

func streamOf(t testing.TB, c stream.Compression, d stream.Metadata, samples ...*stream.Sample) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stream.NewWriter(&b, c)
	if err == nil {
		err = w.WriteMetadata(d)
	}
	for _, s := range samples {
		if err == nil {
			err = w.WriteSample(s, npy.Float32)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// arrayOf returns the samples as one array.
func arrayOf(t testing.TB, dtype npy.DType, samples []*stream.Sample) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.WriteHeader(&b, dtype, append([]int{len(samples)}, samples[0].Shape...)); err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		if err := npy.WriteElements(&b, dtype, s.X); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func labelsOf(t testing.TB, labels ...int64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.WriteInt64(&b, []int{len(labels)}, labels); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// read reads all samples of a source.
func read(name string, stdin io.Reader, o Options) (samples []*stream.Sample, d stream.Metadata, err error) {
	s, err := Open(name, stdin, o)
	if err != nil {
		return nil, d, err
	}
	defer s.Close()
	for {
		sample, err := s.Next()
		if err == io.EOF {
			return samples, s.Metadata(), nil
		}
		if err != nil {
			if _, again := s.Next(); again != err {
				return nil, d, fmt.Errorf("error %v did not last: then %v", err, again)
			}
			return samples, s.Metadata(), err
		}
		samples = append(samples, sample)
	}
}

// same compares keys, shapes, values and labels.
func same(got, want []*stream.Sample) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d samples, want %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		how, _ := guess(len(w.Shape), 0).arrange(w.Shape, 0)
		if g.Key != w.Key || !slices.Equal(g.Shape, how.shape) || !slices.Equal(g.X, w.X) || g.Label != w.Label || g.HasLabel != w.HasLabel {
			return fmt.Errorf("sample %d is %s %v %v %d %v, want %s %v %v %d %v", i, g.Key, g.Shape, g.X, g.Label, g.HasLabel, w.Key, w.Shape, w.X, w.Label, w.HasLabel)
		}
	}
	return nil
}

// sameTable compares a table with samples.
func sameTable(t *Table, want []*stream.Sample) error {
	if t.Len() != len(want) {
		return fmt.Errorf("%d samples, want %d", t.Len(), len(want))
	}
	var buf []float32
	for _, i := range []int{len(want) - 1, 0} { // any order, more than once
		for range want {
			w := want[i]
			label := -1
			if w.HasLabel {
				label = w.Label
			}
			how, _ := guess(len(w.Shape), 0).arrange(w.Shape, 0)
			buf = make([]float32, len(w.X))
			pixels.Read(buf, t.Sample(i), t.Shape[0])
			if t.Key(i) != w.Key || !slices.Equal(t.Shape, how.shape) || !slices.Equal(buf, w.X) || t.Label(i) != label {
				return fmt.Errorf("sample %d is %s %v %v %d, want %s %v %v %d", i, t.Key(i), t.Shape, buf, t.Label(i), w.Key, w.Shape, w.X, label)
			}
			i = (i + 7) % len(want)
		}
	}
	return nil
}

// expect compares an error with its text, and with a sentinel.
func expect(t *testing.T, what string, err error, want string, kind error) {
	t.Helper()
	if err == nil || err.Error() != want || kind != nil && !errors.Is(err, kind) {
		t.Errorf("%s:\n got %v\nwant %s", what, err, want)
	}
}

// npyText returns a .npy file of that type and shape, which has no padding.
func npyText(descr, shape, data string) string {
	if descr != "u1" {
		descr = "<" + descr
	}
	header := "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n"
	return "\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header + data
}
