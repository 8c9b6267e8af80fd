package dataset

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
)

// TestCutAtEveryByte cuts every form at every byte. A source always returns an error, and so does a table at some of them.
func TestCutAtEveryByte(t *testing.T) {
	data, labels := forms(t, ramps(2, 1, 1))
	for form, content := range data {
		for n := range content {
			cut := content[:n]
			o := Options{Labels: labels[form], NeedLabels: true}
			if got, _, err := read("", bytes.NewReader(cut), o); err == nil {
				t.Errorf("%s cut after %d of %d bytes: %d samples and no error", form, n, len(content), len(got))
			} else if !errors.Is(err, io.ErrUnexpectedEOF) && n >= 6 { // below that it is not known what was cut
				t.Errorf("%s cut after %d of %d bytes: %v", form, n, len(content), err)
			}
			if n%16 != 0 && n < len(content)-10 {
				continue
			}
			if _, err := Load("", bytes.NewReader(cut), o); err == nil {
				t.Errorf("%s cut after %d of %d bytes: a table", form, n, len(content))
			}
			if _, err := Load(writeFile(t, "data", cut), nil, o); err == nil {
				t.Errorf("%s cut after %d of %d bytes: a table of the file", form, n, len(content))
			}
		}
	}
}

// TestFlippedByte flips every bit of streams and archives, whose contents have checksums: either the samples are the same,
// or there is an error.
func TestFlippedByte(t *testing.T) {
	samples := ramps(3, 2, 2)
	for i, s := range samples {
		s.Info = []byte(`{"made": "by hand"}`)
		s.X[0] = float32(i) / 3
	}
	d := stream.Metadata{Tool: "test", Classes: []string{"cat", "dog", "eel"}}
	for form, content := range map[string][]byte{
		"zstd": streamOf(t, stream.Zstd, d, samples...),
		"gzip": hostile.Gzip(streamOf(t, stream.None, d, samples...), 0),
		"npz":  zipped(t, 8, "x.npy", arrayOf(t, npy.Float32, samples), "y.npy", labelsOf(t, 0, 1, 2)),
	} {
		for at := range content {
			for bit := range 8 {
				flipped := bytes.Clone(content)
				flipped[at] ^= 1 << bit
				got, _, err := read("", bytes.NewReader(flipped), Options{NeedLabels: true, Limits: stream.Limits{Window: 1 << 20}})
				if err != nil {
					continue
				}
				if err := same(got, samples); err != nil {
					t.Errorf("%s, bit %d of byte %d: %v", form, bit, at, err)
				}
			}
		}
	}
}
