package stream

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"backdrop/formats/golden"
	"backdrop/formats/npy"
)

// seeds are small streams of GNU tar, Python and this package, and attacks on readers like this one.
const seeds = "testdata/seeds/*"

var fuzzLimits = Limits{Member: 1 << 18, Window: 1 << 18}

// What is read can be written and read again, unless ustar has no room for a name.
func FuzzMembers(f *testing.F) {
	golden.Seeds(f, seeds)
	f.Fuzz(func(t *testing.T, data []byte) {
		want, err := readFiles(bytes.NewReader(data), fuzzLimits)
		if err != nil {
			return
		}
		for _, c := range []Compression{Zstd, None} {
			var b bytes.Buffer
			w, err := NewMemberWriter(&b, c)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range want {
				if w.Write(m.name, []byte(m.data)) != nil {
					return
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if got, err := readFiles(&b, fuzzLimits); err != nil || !slices.Equal(got, want) {
				t.Fatalf("compression %d: %.200q came back as %.200q, %v", c, want, got, err)
			}
		}
	})
}

func FuzzReader(f *testing.F) {
	golden.Seeds(f, seeds)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, want, err := readSamples(bytes.NewReader(data), fuzzLimits)
		if err != nil {
			return
		}
		var b bytes.Buffer
		w, err := NewWriter(&b, Zstd)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteDataset(d); err != nil {
			t.Fatal(err)
		}
		for i, s := range want {
			if i > 0 && s.Key == want[i-1].Key || w.WriteSample(s, npy.Float32) != nil {
				return
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, got, err := readSamples(&b, fuzzLimits)
		if err != nil || !slices.EqualFunc(got, want, sameBits) {
			t.Fatalf("%d samples came back as %d, %v", len(want), len(got), err)
		}
	})
}

func sameBits(a, b *Sample) bool {
	sameX := slices.EqualFunc(a.X, b.X, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
	return sameX && a.Key == b.Key && slices.Equal(a.Shape, b.Shape) && a.Label == b.Label && a.HasLabel == b.HasLabel &&
		a.LabelText == b.LabelText && bytes.Equal(arrayBytes(a.Y), arrayBytes(b.Y)) && bytes.Equal(a.Info, b.Info)
}

func arrayBytes(a *npy.Array) []byte {
	var b bytes.Buffer
	if a != nil {
		npy.Write(&b, a)
	}
	return b.Bytes()
}
