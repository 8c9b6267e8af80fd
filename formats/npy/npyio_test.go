package npy_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	npyio "github.com/sbinet/npyio/npy"

	"backdrop/formats/npy"
)

// TestNpyioReadsOurs gives npyio what the writers make, in every type that both know.
func TestNpyioReadsOurs(t *testing.T) {
	data := []float32{0, float32(math.Copysign(0, -1)), 1.5, -math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Inf(1))}
	shape := []int{1, 2, 3}
	var b bytes.Buffer
	if err := npy.WriteFloat32(&b, shape, data); err != nil {
		t.Fatal(err)
	}
	var singles []float32
	if r := npyioReader(t, &b); !reflect.DeepEqual(r.Header.Descr.Shape, shape) || r.Read(&singles) != nil || !reflect.DeepEqual(singles, data) {
		t.Errorf("f4: npyio reads %v %v", r.Header.Descr.Shape, singles)
	}
	b.Reset()
	if err := npy.WriteAs(&b, npy.Float64, shape, data); err != nil {
		t.Fatal(err)
	}
	var doubles []float64
	if r := npyioReader(t, &b); r.Read(&doubles) != nil || len(doubles) != len(data) {
		t.Errorf("f8: npyio reads %v", doubles)
	}
	for i, v := range doubles {
		if v != float64(data[i]) {
			t.Errorf("f8: npyio reads %g for %g", v, data[i])
		}
	}
	b.Reset()
	integers := []int64{math.MinInt64, -1, 0, math.MaxInt64}
	if err := npy.WriteInt64(&b, []int{4}, integers); err != nil {
		t.Fatal(err)
	}
	var got []int64
	if r := npyioReader(t, &b); r.Read(&got) != nil || !reflect.DeepEqual(got, integers) {
		t.Errorf("i8: npyio reads %v", got)
	}
}

func npyioReader(t *testing.T, b *bytes.Buffer) *npyio.Reader {
	t.Helper()
	r, err := npyio.NewReader(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReadsNpyio reads what npyio writes (version 2.0, headers of any length).
func TestReadsNpyio(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 7, 100, 1000} {
		u1, i2, u4, i8, f4, f8, flags := make([]uint8, n), make([]int16, n), make([]uint32, n), make([]int64, n), make([]float32, n), make([]float64, n), make([]bool, n)
		want := make([]float32, n)
		for i := range n {
			v := rng.IntN(100)
			u1[i], i2[i], u4[i], i8[i], f4[i], f8[i], flags[i] = uint8(v), int16(v), uint32(v), int64(v), float32(v), float64(v), v > 50
			want[i] = float32(v)
		}
		for _, data := range []any{u1, i2, u4, i8, f4, f8, flags} {
			var b bytes.Buffer
			if err := npyio.Write(&b, data); err != nil {
				t.Fatal(err)
			}
			a, err := npy.Read(&b, 1<<20)
			if err != nil {
				t.Errorf("%d × %T: %v", n, data, err)
				continue
			}
			got, err := a.Float32()
			if err != nil || !reflect.DeepEqual(a.Shape, []int{n}) || a.DType != npy.Bool && !reflect.DeepEqual(got, want) {
				t.Errorf("%T: got %s %v %v, %v, want %v", data, a.DType, a.Shape, got, err, want)
			}
			for i := range got {
				if a.DType == npy.Bool && (got[i] == 1) != flags[i] {
					t.Errorf("element %d is %g for %v", i, got[i], flags[i])
				}
			}
		}
	}
}
