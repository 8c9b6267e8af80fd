package npy_test

import (
	"bytes"
	"path/filepath"
	"reflect"
	"testing"

	"backdrop/formats/golden"
	"backdrop/formats/npy"
)

// FuzzRead: what can be read survives Write and Read bit for bit, whole and row by row.
func FuzzRead(f *testing.F) {
	golden.Seeds(f, filepath.Join(golden.Dir(f), "npy", "*.npy"))
	const limit = 1 << 20
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := npy.Read(bytes.NewReader(b), limit)
		if err != nil {
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
		rows, err := npy.NewRows(bytes.NewReader(b), limit)
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

// FuzzReadNPZ: no panic, and no more memory than the limit.
func FuzzReadNPZ(f *testing.F) {
	golden.Seeds(f, filepath.Join(golden.Dir(f), "npy", "*.npz"))
	const limit = 1 << 16
	f.Fuzz(func(t *testing.T, b []byte) {
		arrays, err := npy.ReadNPZ(bytes.NewReader(b), int64(len(b)), limit)
		if err != nil {
			return
		}
		total := 0
		for _, a := range arrays {
			total += a.Len() * a.DType.Size()
		}
		if total > limit {
			t.Fatalf("arrays of %d bytes, limit %d", total, limit)
		}
	})
}
