package npy_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

// FuzzRead: what can be read survives Write and Read bit for bit, whole and row by row.
func FuzzRead(f *testing.F) {
	golden.Seeds(f, filepath.Join(golden.Dir(f), "npy", "*.npy"))
	hostile.Seed(f, hostile.Arrays())
	const limit = 1 << 20
	f.Fuzz(func(t *testing.T, b []byte) {
		var a *npy.Array
		var err error
		hostile.Cheap(t, cost(b), func() { a, err = npy.Read(struct{ io.Reader }{bytes.NewReader(b)}, limit) })
		if _, errInMemory := npy.Read(bytes.NewReader(b), limit); (err == nil) != (errInMemory == nil) {
			t.Fatalf("from a stream %v, from memory %v", err, errInMemory)
		}
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		text := written(t, a)
		again, err := npy.Read(bytes.NewReader(text), limit)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if again.DType != a.DType || !reflect.DeepEqual(again.Shape, a.Shape) || !bytes.Equal(written(t, again), text) {
			t.Fatalf("%s %v became %s %v, or other elements", a.DType, a.Shape, again.DType, again.Shape)
		}
		x, err := a.Float32()
		y, errAgain := again.Float32()
		if (err == nil) != (errAgain == nil) {
			t.Fatalf("as float32: %v, then %v", err, errAgain)
		}
		if err == nil {
			sameBits(t, a.Shape, x, y)
		}
		i, err := a.Int64()
		j, errAgain := again.Int64()
		if (err == nil) != (errAgain == nil) || !reflect.DeepEqual(i, j) {
			t.Fatalf("as int64: %v %v, then %v %v", i, err, j, errAgain)
		}
		if len(a.Shape) == 0 {
			return
		}
		rows, err := npy.NewRows(bytes.NewReader(b), 4*limit) // a row may be four times as large as float32
		if err != nil {
			t.Fatalf("by rows: %v", err)
		}
		for k := range min(a.Shape[0], 1000) {
			row, err := rows.Next()
			if err != nil {
				t.Fatalf("row %d: %v", k, err)
			}
			if !bytes.Equal(written(t, row), written(t, a.Row(k))) {
				t.Fatalf("row %d differs", k)
			}
		}
	})
}

// sameBits compares as written, so that NaN equals NaN.
func sameBits(t *testing.T, shape []int, x, y []float32) {
	t.Helper()
	var a, b bytes.Buffer
	if err := npy.WriteFloat32(&a, shape, x); err != nil {
		t.Fatal(err)
	}
	if err := npy.WriteFloat32(&b, shape, y); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatal("other values after writing and reading")
	}
}

func written(t *testing.T, a *npy.Array) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cost is what package npy promises to allocate at most for a file: 1 MiB, and eight times what arrives.
func cost(b []byte) int64 { return 1<<20 + 64<<10 + 8*int64(len(b)) }

// FuzzOpen: a file can be opened if and only if Read reads it and nothing follows.
func FuzzOpen(f *testing.F) {
	golden.Seeds(f, filepath.Join(golden.Dir(f), "npy", "*.npy"))
	hostile.Seed(f, hostile.Arrays())
	name := filepath.Join(f.TempDir(), "a.npy")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(name, b, 0o666); err != nil {
			t.Fatal(err)
		}
		r := bytes.NewReader(b)
		want, errWant := npy.Read(r, math.MaxInt64)
		var got *npy.File
		var err error
		hostile.Cheap(t, cost(nil)+8*64<<10, func() { got, err = npy.Open(name) }) // nothing but a header
		if (err == nil) != (errWant == nil && r.Len() == 0) {
			t.Fatalf("from a file %v, from a stream %v and %d bytes more", err, errWant, r.Len())
		}
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		if !bytes.Equal(written(t, got.Array), written(t, want)) {
			t.Fatal("other elements in a file")
		}
		if err := got.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzReadNPZ: memory is bounded by the limit and a multiple of the directory. Arrays can be packed again.
func FuzzReadNPZ(f *testing.F) {
	golden.Seeds(f, filepath.Join(golden.Dir(f), "npy", "*.npz"))
	hostile.Seed(f, hostile.Archives())
	hostile.Seed(f, hostile.Bombs())
	const limit = 1 << 16
	f.Fuzz(func(t *testing.T, b []byte) {
		var arrays map[string]*npy.Array
		var err error
		members := int64(bytes.Count(b, []byte("PK\x01\x02")))
		hostile.Cheap(t, cost(b)+4*limit+members*npzMemberCost, func() { arrays, err = npy.ReadNPZ(bytes.NewReader(b), int64(len(b)), limit) })
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		total := 0
		var again bytes.Buffer
		z := zip.NewWriter(&again)
		for name, a := range arrays {
			total += a.Len() * a.DType.Size()
			w, err := z.Create(name + ".npy")
			if err == nil {
				_, err = w.Write(written(t, a))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if total > limit {
			t.Fatalf("arrays of %d bytes, limit %d", total, limit)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := npy.ReadNPZ(bytes.NewReader(again.Bytes()), int64(again.Len()), limit)
		if err != nil || len(got) != len(arrays) {
			t.Fatalf("%d arrays came back as %d, %v", len(arrays), len(got), err)
		}
		for name, a := range got {
			if !bytes.Equal(written(t, a), written(t, arrays[name])) {
				t.Fatalf("%q has other elements", name)
			}
		}
	})
}

// npzMemberCost bounds what a member of an archive allocates besides its elements: the tables of a decompressor, and 64 KiB
// to look behind the array.
const npzMemberCost = 256 << 10
