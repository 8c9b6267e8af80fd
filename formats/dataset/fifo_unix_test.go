//go:build unix

package dataset

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// TestNamedPipe reads every form from a named pipe, which can be neither mapped nor read at any place.
func TestNamedPipe(t *testing.T) {
	want := ramps(100, 3, 20, 20) // more than a pipe holds
	data, labels := forms(t, want)
	data = map[string][]byte{"zstd": data["zstd"], "npy f4": data["npy f4"], "npz": data["npz"]}
	for form, content := range data {
		name := filepath.Join(t.TempDir(), "pipe")
		if err := unix.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
		go func() {
			if w, err := os.OpenFile(name, os.O_WRONLY, 0); err == nil {
				w.Write(content)
				w.Close()
			}
		}()
		table, err := Load(name, nil, Options{Labels: labels[form], Memory: 100000})
		if err == nil {
			err = sameTable(table, want)
		}
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		table.Close()
	}
}

// BenchmarkLoadMapped measures the checks: they read a mapped array of 64 MiB once.
func BenchmarkLoadMapped(b *testing.B) {
	one := make([]float32, 1<<20)
	samples := make([]*stream.Sample, 16)
	for i := range samples {
		samples[i] = &stream.Sample{Shape: []int{1024, 1024}, X: one}
	}
	name := writeFile(b, "x.npy", arrayOf(b, npy.Float32, samples))
	b.SetBytes(64 << 20)
	for b.Loop() {
		table, err := Load(name, nil, Options{})
		if err != nil {
			b.Fatal(err)
		}
		table.Close()
	}
}
