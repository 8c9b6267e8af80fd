package dataset

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
)

var fuzzLimits = stream.Limits{Member: 1 << 18, Window: 1 << 18}

// FuzzOpen: what a source can read, a table reads with the same result, in memory and from a temporary file.
func FuzzOpen(f *testing.F) {
	samples := ramps(3, 2, 2)
	f.Add(streamOf(f, stream.Zstd, stream.Metadata{Classes: []string{"a", "b", "c"}}, samples...))
	f.Add(streamOf(f, stream.None, stream.Metadata{}, samples...))
	f.Add(arrayOf(f, npy.Float32, samples))
	f.Add(arrayOf(f, npy.Float16, samples))
	f.Add(zipped(f, 8, "x.npy", arrayOf(f, npy.Float32, samples), "y.npy", labelsOf(f, 0, 1, 2)))
	hostile.Seed(f, slices.Concat(hostile.Arrays(), hostile.Archives(), hostile.Streams(), hostile.Bombs()))
	f.Fuzz(func(t *testing.T, content []byte) {
		o := Options{Limits: fuzzLimits}
		packed := bytes.Contains(content, []byte("\x28\xb5\x2f\xfd")) || bytes.Contains(content, []byte("PK\x01\x02"))
		for _, content := range [][]byte{content, hostile.RepairTar(content)} {
			var samples []*stream.Sample
			var err error
			read1 := func() { samples, _, err = read("", bytes.NewReader(content), o) }
			if packed || bytes.Contains(content, []byte("IHDR")) || bytes.Contains(content, []byte("\xff\xd8\xff")) {
				read1() // packages npy and stream have bounds for these
			} else {
				hostile.Cheap(t, 2<<20+100*int64(len(content)), read1)
			}
			if err != nil {
				hostile.OneLine(t, err)
			}
			for _, memory := range []int64{0, 20} {
				o.Memory = memory
				table, errTable := Load("", bytes.NewReader(content), o)
				if errTable != nil {
					hostile.OneLine(t, errTable)
					if err == nil && len(samples) > 0 {
						t.Fatalf("%d samples, but no table: %v", len(samples), errTable)
					}
					continue
				}
				if err == nil { // else the names of the classes came too late for a source
					err := sameTable(table, samples)
					if err != nil {
						t.Fatal(err)
					}
				}
				if err := table.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// FuzzLabels: an array of labels is refused, or its labels are those in the file.
func FuzzLabels(f *testing.F) {
	f.Add(labelsOf(f, 0, 1, 2))
	f.Add(labelsOf(f, 0, 1))
	f.Add(labelsOf(f, 0, 1, -1))
	f.Add(labelsOf(f, 0, 1, 1<<40))
	f.Add(labelsOf(f, 1, -1, 1))
	f.Add([]byte(hostile.NPY("'<f4'", "(3,)", "\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x00\x00")))
	f.Add([]byte(hostile.NPY("'|u1'", "(3, 1)", "\x00\x01\x02")))
	f.Add([]byte(hostile.NPY("'|S2'", "(1, 3)", "b\x00aab\x00")))
	f.Add([]byte(hostile.NPY("'<U1'", "(3,)", "b\x00\x00\x00a\x00\x00\x00b\x00\x00\x00")))
	hostile.Seed(f, hostile.Arrays())
	x := arrayOf(f, npy.Float32, ramps(3, 2, 2))
	name := filepath.Join(f.TempDir(), "y.npy")
	f.Fuzz(func(t *testing.T, labels []byte) {
		if err := os.WriteFile(name, labels, 0o666); err != nil {
			t.Fatal(err)
		}
		var samples []*stream.Sample
		var names []string
		var err error
		hostile.Cheap(t, 2<<20+20*int64(len(labels)), func() {
			var d stream.Metadata
			samples, d, err = read("", bytes.NewReader(x), Options{Labels: name, NeedLabels: true, Limits: fuzzLimits})
			names = d.Classes
		})
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		a, err := npy.ReadText(bytes.NewReader(labels), 1<<20)
		if err != nil {
			t.Fatalf("read as labels, but no array: %v", err)
		}
		if a.IsText() {
			var texts []string
			a.Texts(func(_ int, text []byte) error { texts = append(texts, string(text)); return nil })
			for i, s := range samples {
				if !s.HasLabel || texts[i] != names[s.Label] {
					t.Fatalf("label %d is %d of %q, want %q", i, s.Label, names, texts[i])
				}
			}
			return
		}
		for i, want := range a.Float64() {
			if s := samples[i]; !s.HasLabel || float64(s.Label) != max(want, 0) || want < -1 {
				t.Fatalf("label %d is %v, want %v", i, s.Label, want)
			}
		}
	})
}
