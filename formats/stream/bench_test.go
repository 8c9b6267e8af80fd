package stream

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"backdrop/formats/npy"
)

// smooth returns data that are like fields to a compressor: exponents repeat, mantissas do not.
func smooth(n int) *Sample {
	r := rand.New(rand.NewPCG(1, 2))
	s := &Sample{Key: "000000", Shape: []int{n, n}, X: make([]float32, n*n), HasLabel: true}
	for i := range s.X {
		s.X[i] = float32(math.Sin(float64(i%n)/10)+math.Cos(float64(i/n)/10)) + 1e-4*r.Float32()
	}
	return s
}

func BenchmarkWrite(b *testing.B) {
	for name, c := range map[string]Compression{"zstd": Zstd, "none": None} {
		b.Run(name, func(b *testing.B) {
			s := smooth(1024)
			b.SetBytes(int64(4 * len(s.X)))
			w, err := NewWriter(io.Discard, c)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := w.WriteSample(s, npy.Float32); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for name, c := range map[string]Compression{"zstd": Zstd, "none": None} {
		b.Run(name, func(b *testing.B) {
			const samples = 8
			s := smooth(1024)
			var data bytes.Buffer
			w, err := NewWriter(&data, c)
			if err != nil {
				b.Fatal(err)
			}
			for i := range samples {
				s.Key = string(rune('a' + i))
				if err := w.WriteSample(s, npy.Float32); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(samples * 4 * len(s.X)))
			for b.Loop() {
				r, err := NewReader(bytes.NewReader(data.Bytes()), Limits{})
				if err != nil {
					b.Fatal(err)
				}
				for range samples {
					s, err := r.Next()
					if err != nil {
						b.Fatal(err)
					}
					r.Reuse(s.X)
				}
				if _, err := r.Next(); err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
}
