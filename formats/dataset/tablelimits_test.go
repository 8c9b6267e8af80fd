package dataset

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// TestSpillFails: there is no folder for temporary files.
func TestSpillFails(t *testing.T) {
	data := streamOf(t, stream.Zstd, stream.Metadata{}, ramps(3, 2, 2)...)
	archive := zipped(t, 0, "x.npy", arrayOf(t, npy.Float32, ramps(3, 2, 2)))
	t.Setenv("TMPDIR", "/does/not/exist")
	for form, content := range map[string][]byte{"stream": data, "npz": archive} {
		_, err := Load("", bytes.NewReader(content), Options{Memory: 20})
		if err == nil || !strings.HasPrefix(err.Error(), "reading stdin: keeping data in a temporary file: open /does/not/exist/") || !strings.HasSuffix(err.Error(), "point TMPDIR to more room") {
			t.Errorf("%s: %v", form, err)
		}
		if _, err := Load("", bytes.NewReader(content), Options{}); err != nil {
			t.Errorf("%s in memory: %v", form, err)
		}
	}
}

// TestLoadClaims: an array in a pipe costs as much as arrives, not as much as it claims.
func TestLoadClaims(t *testing.T) {
	for shape, want := range map[string]string{
		"(1000000000, 16, 16)": "reading stdin: npy: data ends after 400 of 1024000000000 bytes",
		"(1, 16384, 16384)":    "reading stdin: npy: data ends after 400 of 1073741824 bytes",
		"(1, 16384, 16385)":    "reading stdin: npy: shape (16384, 16385) needs 1073807360 bytes, more than the limit of 1073741824",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Load("", strings.NewReader(npyText("f4", shape, strings.Repeat("\x00", 400))), Options{})
		runtime.ReadMemStats(&after)
		cost := after.TotalAlloc - before.TotalAlloc
		expect(t, shape, err, want, nil)
		if cost > 3<<20 {
			t.Errorf("%s: 400 bytes of input cost %d bytes", shape, cost)
		}
	}
}

// TestTooManySamples: values go to a temporary file, but the rest of a sample does not, and is bounded.
func TestTooManySamples(t *testing.T) {
	const fits = leastRoom / (perSample + len("000000"))
	for n, want := range map[int]string{
		fits:     "",
		fits + 1: fmt.Sprintf("reading stdin: sample %06d: the keys and labels of %d samples take more than 1048576 bytes", fits, fits+1),
	} {
		table, err := Load("", bytes.NewReader(arrayOf(t, npy.Float32, ramps(n, 1))), Options{Memory: 1})
		if want != "" {
			expect(t, "samples", err, want, nil)
			continue
		}
		if err != nil || table.Len() != n {
			t.Fatalf("%d samples: %v", n, err)
		}
		table.Close()
	}
}

// TestFortranLimit: a mapped array in Fortran order is in memory as a whole, so a limit may refuse it.
func TestFortranLimit(t *testing.T) {
	header := "{'descr': '|u1', 'fortran_order': True, 'shape': (4, 3, 5), }\n"
	name := writeFile(t, "x.npy", []byte("\x93NUMPY\x01\x00"+string([]byte{byte(len(header)), 0})+header+strings.Repeat("\x01", 60)))
	for limit, want := range map[int64]string{0: "", 1000: "", 20: "array in Fortran order, where each sample lies all over its 132 bytes, and 40 may be in memory; save it with numpy.ascontiguousarray"} {
		table, err := Load(name, nil, Options{Limits: stream.Limits{Member: limit}})
		if err == nil {
			err = table.Close()
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("limit %d: %v, want %q", limit, err, want)
		}
	}
}
