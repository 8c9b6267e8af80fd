package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/hostile"
)

func readSamples(r io.Reader, l Limits) (Metadata, []*Sample, error) {
	s, err := NewReader(r, l)
	if err != nil {
		return Metadata{}, nil, err
	}
	var samples []*Sample
	for {
		sample, err := s.Next()
		if err == io.EOF {
			return s.Metadata(), samples, nil
		}
		if err != nil {
			if _, again := s.Next(); again != err {
				err = fmt.Errorf("error %v did not last: then %v", err, again)
			}
			return s.Metadata(), samples, err
		}
		samples = append(samples, sample)
	}
}

func readArray(t testing.TB, write func(io.Writer) error) *npy.Array {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(&b, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func testSamples(t testing.TB) (Metadata, []*Sample) {
	y := readArray(t, func(w io.Writer) error { return npy.WriteInt64(w, []int{3}, []int64{1, -2, 1 << 40}) })
	return Metadata{
			Tool: "gpgen", Version: "1", Command: []string{"-n", "3", "--scales", "9.5,10:80,140"},
			Classes: []string{"9.5-80", "<10-80>"}, Extra: json.RawMessage(`{"size":128}`),
		}, []*Sample{
			{Key: "000000", Shape: []int{2, 3}, X: []float32{0, 1, -2, 3.5, math.MaxFloat32, 0x1p-149}, Label: 1, HasLabel: true, Info: []byte(`{"seed": 1}`)},
			{Key: "000001", Shape: []int{2, 1, 1}, X: []float32{7, 8}, Y: y},
			{Key: "a/b", Shape: []int{1}, X: []float32{9}, LabelText: "spiral galaxy"},
			{Key: "c", Shape: []int{0, 4}, X: []float32{}, Label: -1, HasLabel: true},
			{Key: "d", Shape: []int{}, X: []float32{4}, Info: []byte{}},
		}
}

func writeSamples(t testing.TB, c Compression, dtype npy.DType, d Metadata, samples []*Sample) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteMetadata(d); err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		if err := w.WriteSample(s, dtype); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameSamples compares samples that were read with those that were written. A reader does not know what a label means.
func sameSamples(t *testing.T, got, want []*Sample) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	for i := range want {
		g, w := *got[i], *want[i]
		if (g.Y == nil) != (w.Y == nil) {
			t.Fatalf("sample %d: y %v, want %v", i, g.Y, w.Y)
		}
		if g.Y != nil {
			a, err1 := g.Y.Int64()
			b, err2 := w.Y.Int64()
			if err1 != nil || err2 != nil || !reflect.DeepEqual(a, b) {
				t.Errorf("sample %d: y %v %v, want %v %v", i, a, err1, b, err2)
			}
		}
		g.Y, w.Y, g.LabelIn, w.LabelIn = nil, nil, "", ""
		if w.HasLabel {
			w.Label, w.HasLabel, w.LabelText = 0, false, strconv.Itoa(w.Label)
		}
		if !reflect.DeepEqual(g, w) {
			t.Errorf("sample %d: %+v, want %+v", i, g, w)
		}
	}
}

func TestSamplesRoundTrip(t *testing.T) {
	compressions(t, func(t *testing.T, c Compression) {
		d, samples := testSamples(t)
		for _, dtype := range []npy.DType{npy.Float32, npy.Float64} {
			gotD, got, err := readSamples(bytes.NewReader(writeSamples(t, c, dtype, d, samples)), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(gotD, d) {
				t.Errorf("dataset %+v, want %+v", gotD, d)
			}
			sameSamples(t, got, samples)
		}
	})
}

func TestSamplesAreNobodyElses(t *testing.T) {
	d, samples := testSamples(t)
	_, got, err := readSamples(bytes.NewReader(writeSamples(t, None, npy.Float32, d, samples)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range got[1:] {
		for i := range s.X {
			s.X[i] = -1
		}
	}
	sameSamples(t, got[:1], samples[:1])
}

func TestDatasetMembers(t *testing.T) {
	data := writeSamples(t, None, npy.Float32, Metadata{Tool: "gpgen", Classes: []string{"a<b"}}, nil)
	got, err := readFiles(bytes.NewReader(data), Limits{})
	want := []file{{"__meta__/dataset.json", "{\n  \"tool\": \"gpgen\",\n  \"classes\": [\n    \"a<b\"\n  ]\n}\n"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestCutSamples(t *testing.T) {
	compressions(t, func(t *testing.T, c Compression) {
		d, samples := testSamples(t)
		data := writeSamples(t, c, npy.Float32, d, samples[:2])
		for n := range data {
			if _, _, err := readSamples(bytes.NewReader(data[:n]), Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("cut after %d of %d bytes: %v", n, len(data), err)
			}
		}
	})
}

// In a tar of somebody else, metadata come in the order of names, and there are folders and unknown files.
func TestSomebodysTar(t *testing.T) {
	x := npyHeader(npy.Uint8, 2) + "\x03\x04"
	data := join(hostile.Tar(
		hostile.Entry{Name: "set/.DS_Store", Data: "junk"},
		hostile.Entry{Name: "set/._0.x.npy", Data: "junk"},
		hostile.Entry{Name: "set/0.CLS", Data: "4\n"},
		hostile.Entry{Name: "set/0.caption.txt", Data: "two pixels"},
		hostile.Entry{Name: "set/0.npy", Data: x},
		hostile.Entry{Name: "set/v1.5/0.cls", Data: "spiral galaxy\n"},
		hostile.Entry{Name: "set/v1.5/0.npy", Data: x},
		hostile.Entry{Name: "set/__meta__/dataset.json", Data: `{"Tool":"x","classes":["a"],"unknown":1}`},
		hostile.Entry{Name: "set/__meta__/notes", Data: "?"},
		hostile.Entry{Name: "set/__pycache__/a", Data: "?"},
	), hostile.TarEnd, hostile.Tar(
		hostile.Entry{Name: "set/v1.5/0.npy", Data: x}, // the same key, but another archive
		hostile.Entry{Name: "__meta__/dataset.json", Data: `{"tool":"y","classes":["a"]}`},
	), hostile.TarEnd)
	d, samples, err := readSamples(bytes.NewReader(data), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(d, Metadata{Tool: "x", Classes: []string{"a"}}) {
		t.Errorf("dataset %+v", d)
	}
	sameSamples(t, samples, []*Sample{
		{Key: "set/0", Shape: []int{2}, X: []float32{3, 4}, Label: 4, HasLabel: true},
		{Key: "set/v1.5/0", Shape: []int{2}, X: []float32{3, 4}, LabelText: "spiral galaxy"},
		{Key: "set/v1.5/0", Shape: []int{2}, X: []float32{3, 4}},
	})
}

func TestMetadataInFrontIsKnownAtOnce(t *testing.T) {
	r, err := NewReader(bytes.NewReader(writeSamples(t, Zstd, npy.Float32, Metadata{Tool: "gpgen"}, nil)), Limits{})
	if err != nil || r.Metadata().Tool != "gpgen" {
		t.Fatalf("%v, %v", r, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("no samples: %v", err)
	}
}

func TestRefusedSamples(t *testing.T) {
	one := func(key string, v float32) *Sample { return &Sample{Key: key, Shape: []int{1}, X: []float32{v}} }
	for _, c := range []struct {
		s    *Sample
		want string
	}{
		{one("", 1), `stream: sample "": a key`},
		{one("a.b", 1), "stream: sample a.b: a key"},
		{one("a/", 1), "stream: sample a/: a key"},
		{one("../a", 1), `stream: member ../a.x.npy: name with ".."`},
		{one("__a__/b", 1), "folder of the form __*__"},
		{one("a", 1e6), "stream: member a.x.npy: npy: element 0 is 1e+06"},
	} {
		w, err := NewWriter(io.Discard, Zstd)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteSample(c.s, npy.Float16); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c.s, err)
		}
	}
}

func TestMetadataAfterASamplePanics(t *testing.T) {
	w, err := NewWriter(io.Discard, None)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteSample(&Sample{Key: "a", Shape: []int{1}, X: []float32{1}}, npy.Float32); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	w.WriteMetadata(Metadata{})
}

// The memory of values that are given back is used for later ones that fit, and for no others.
func TestReuse(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, None)
	if err != nil {
		t.Fatal(err)
	}
	sizes := []int{6, 6, 4, 8, 5}
	for i, n := range sizes {
		s := &Sample{Key: fmt.Sprint(i), Shape: []int{1, n}}
		for j := range n {
			s.X = append(s.X, float32(10*i+j))
		}
		if err := w.WriteSample(s, npy.Float32); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(&b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var last []float32
	for i, n := range sizes {
		s, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if len(s.X) != n {
			t.Fatalf("sample %d has %d values, want %d", i, len(s.X), n)
		}
		for j, v := range s.X {
			if v != float32(10*i+j) {
				t.Errorf("value %d of sample %d is %v", j, i, v)
			}
		}
		if i > 0 && (&s.X[0] == &last[0]) != (n <= cap(last)) {
			t.Errorf("sample %d of %d values after one with room for %d: same memory: %v", i, n, cap(last), &s.X[0] == &last[0])
		}
		last = s.X
		r.Reuse(s.X)
	}
}
