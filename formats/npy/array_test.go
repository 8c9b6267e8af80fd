package npy

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// iotas are arrays of shape [2,3,4] and type u2 with a[i,j,k] = 12i+4j+k, in both byte orders and both orders of elements.
func iotas(t *testing.T) map[string]*Array {
	t.Helper()
	arrays := map[string]*Array{}
	for _, order := range []string{"<", ">"} {
		for _, fortran := range []string{"False", "True"} {
			var data []byte
			put := func(v int) {
				b := []byte{byte(v), 0}
				if order == ">" {
					slices.Reverse(b)
				}
				data = append(data, b...)
			}
			for n := range 24 {
				if fortran == "True" { // the first index runs fastest
					put(12*(n%2) + 4*(n/2%3) + n/6)
				} else {
					put(n)
				}
			}
			header := fmt.Sprintf("{'descr': '%su2', 'fortran_order': %s, 'shape': (2, 3, 4), }\n", order, fortran)
			a, err := Read(strings.NewReader(arrayText(1, header, string(data))), 48)
			if err != nil {
				t.Fatal(err)
			}
			arrays[order+fortran] = a
		}
	}
	return arrays
}

func TestRow(t *testing.T) {
	for name, a := range iotas(t) {
		for i := range 2 {
			if got := ints(t, a.Row(i)); !reflect.DeepEqual(got, iota64(12*i, 12)) {
				t.Errorf("%s: row %d is %v", name, i, got)
			}
			for j := range 3 {
				row := a.Row(i).Row(j)
				if got := ints(t, row); !reflect.DeepEqual(got, iota64(12*i+4*j, 4)) {
					t.Errorf("%s: row %d,%d is %v", name, i, j, got)
				}
				for k := range 4 {
					e := row.Row(k)
					if got := ints(t, e); e.Len() != 1 || len(e.Shape) != 0 || got[0] != int64(12*i+4*j+k) {
						t.Errorf("%s: element %d,%d,%d is %v of shape %v", name, i, j, k, got, e.Shape)
					}
				}
			}
		}
		if d := a.Float64(); len(d) != 24 || d[0] != 0 || d[13] != 13 || d[23] != 23 {
			t.Errorf("%s: as float64 %v", name, d)
		}
		x, err := a.Float32()
		if err != nil || len(x) != 24 || x[0] != 0 || x[13] != 13 || x[23] != 23 {
			t.Errorf("%s: as float32 %v, %v", name, x, err)
		}
		for what, f := range map[string]func(){
			"row -1": func() { a.Row(-1) }, "row 2": func() { a.Row(2) }, "row of a scalar": func() { a.Row(0).Row(0).Row(0).Row(0) },
			"short destination": func() { a.Float32To(make([]float32, 23)) },
		} {
			if !panics(f) {
				t.Errorf("%s: %s does not panic", name, what)
			}
		}
	}
}

func TestRowSharesMemory(t *testing.T) {
	text, _ := ramp(t, 6)
	a, err := Read(bytes.NewReader(text), 24)
	if err != nil {
		t.Fatal(err)
	}
	a.Shape = []int{2, 3}
	whole, _ := a.Float32()
	row, ok := a.Row(1).Float32View()
	if !ok || !reflect.DeepEqual(row, []float32{3, 4, 5}) {
		t.Fatalf("row 1 is %v, shared: %v", row, ok)
	}
	whole[3] = 9
	if row[0] != 9 {
		t.Error("the row is a copy")
	}
	if cap(row) != 3 {
		t.Errorf("the row can grow into its neighbour: capacity %d", cap(row))
	}
}

func TestInt64View(t *testing.T) {
	for descr, want := range map[string]bool{"<i8": true, ">i8": false, "<i4": false, "<f8": false} {
		data := make([]byte, 2*map[byte]int{'8': 8, '4': 4}[descr[2]])
		data[0], data[len(data)/2] = 5, 7
		a, err := Read(strings.NewReader(arrayText(1, "{'descr': '"+descr+"', 'fortran_order': False, 'shape': (2,), }\n", string(data))), 16)
		if err != nil {
			t.Fatal(err)
		}
		view, ok := a.Int64View()
		if ok != want || ok && !reflect.DeepEqual(view, []int64{5, 7}) {
			t.Errorf("%s: %v, %v", descr, view, ok)
		}
	}
	raw := make([]byte, 9) // of whose two places for an element one at most is aligned
	if _, ok := (&Array{Shape: []int{1}, DType: Int64, raw: raw[:8]}).Int64View(); ok {
		if _, ok := (&Array{Shape: []int{1}, DType: Int64, raw: raw[1:]}).Int64View(); ok {
			t.Error("elements that are not aligned are shared")
		}
	}
}

func TestFloat64View(t *testing.T) {
	for descr, want := range map[string]bool{"<f8": true, ">f8": false, "<f4": false, "<i8": false} {
		data := make([]byte, 2*int(descr[2]-'0'))
		data[len(data)/2-1], data[len(data)-1] = 0x40, 0xc0
		a, err := Read(strings.NewReader(arrayText(1, "{'descr': '"+descr+"', 'fortran_order': False, 'shape': (2,), }\n", string(data))), 16)
		if err != nil {
			t.Fatal(err)
		}
		view, ok := a.Float64View()
		if ok != want || ok && !reflect.DeepEqual(view, []float64{2, -2}) {
			t.Errorf("%s: %v, %v", descr, view, ok)
		}
	}
}

func TestFitsFloat32(t *testing.T) {
	for name, want := range map[string]bool{"b1": true, "u1": true, "i1": true, "u2": true, "i2": true, "f2": true, "f4": true, "u4": false, "i4": false, "u8": false, "i8": false, "f8": false} {
		if d, ok := ParseDType(name); !ok || d.FitsFloat32() != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestBigEndianMachine tests the code for machines of the other byte order.
func TestBigEndianMachine(t *testing.T) {
	text, want := ramp(t, 1000)
	littleEndian = !littleEndian
	defer func() { littleEndian = !littleEndian }()
	if again, _ := ramp(t, 1000); !bytes.Equal(again, text) {
		t.Error("other bytes are written")
	}
	a, err := Read(bytes.NewReader(text), 4000)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := a.Float32View(); ok {
		t.Error("little-endian elements are shared")
	}
	if got, err := a.Float32(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("other elements are read, error %v", err)
	}
}

// TestEmptyRows: rows may have no elements.
func TestEmptyRows(t *testing.T) {
	for _, fortran := range []string{"False", "True"} {
		header := "{'descr': '<f4', 'fortran_order': " + fortran + ", 'shape': (3, 0, 2), }\n"
		a, err := Read(strings.NewReader(arrayText(1, header, "")), 0)
		if err != nil {
			t.Fatal(err)
		}
		if row := a.Row(2); row.Len() != 0 || !reflect.DeepEqual(row.Shape, []int{0, 2}) {
			t.Errorf("row 2 has shape %v", row.Shape)
		}
		if x, err := a.Float32(); err != nil || len(x) != 0 {
			t.Errorf("Float32 is %v, %v", x, err)
		}
	}
}

func TestConversionsThatFail(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		dtype             DType
		data              []float64
		float32, integers string // errors; "" if none
	}{
		{Float64, []float64{1, -math.MaxFloat32, 1e300}, "npy: element 2 is 1e+300, beyond the range of float32", "npy: element 1 is -3.4028234663852886e+38, beyond the range of int64"},
		{Float64, []float64{1, 2.5}, "", "npy: element 1 is 2.5, not a whole number"},
		{Float64, []float64{nan}, "", "npy: element 0 is NaN, not a whole number"},
		{Float64, []float64{-inf}, "", "npy: element 0 is -Inf, not a whole number"},
		{Float64, []float64{-1 << 63, 1 << 63}, "", "npy: element 1 is 9.223372036854776e+18, beyond the range of int64"},
		{Float32, []float64{1, 0.5}, "", "npy: element 1 is 0.5, not a whole number"},
		{Float16, []float64{1, 2, 0.25}, "", "npy: element 2 is 0.25, not a whole number"},
	} {
		a := floats(t, c.dtype, c.data)
		for i, v := range a.Float64() {
			if v != c.data[i] && !(math.IsNaN(v) && math.IsNaN(c.data[i])) {
				t.Errorf("%s %v as float64: element %d is %g", c.dtype, c.data, i, v)
			}
		}
		if _, err := a.Float32(); text(err) != c.float32 {
			t.Errorf("%s %v as float32: %v, want %s", c.dtype, c.data, err, c.float32)
		}
		if _, err := a.Int64(); text(err) != c.integers {
			t.Errorf("%s %v as int64: %v, want %s", c.dtype, c.data, err, c.integers)
		}
	}
	a, err := Read(strings.NewReader(arrayText(1, "{'descr': '>u8', 'fortran_order': False, 'shape': (2,)}\n",
		"\x7f\xff\xff\xff\xff\xff\xff\xff"+"\x80\x00\x00\x00\x00\x00\x00\x00")), 16)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Int64(); text(err) != "npy: element 1 is 9223372036854775808, beyond the range of int64" {
		t.Errorf("u8 beyond int64: %v", err)
	}
	if x, err := a.Float32(); err != nil || x[1] != 0x1p63 || a.Float64()[1] != 0x1p63 {
		t.Errorf("u8 as float32: %v, %v, as float64 %v", x, err, a.Float64())
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// floats returns a one-dimensional array of that type.
func floats(t *testing.T, dtype DType, data []float64) *Array {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHeader(&b, dtype, []int{len(data)}); err != nil {
		t.Fatal(err)
	}
	for _, v := range data {
		switch dtype {
		case Float64:
			u := math.Float64bits(v)
			for i := range 8 {
				b.WriteByte(byte(u >> (8 * i)))
			}
		case Float32:
			u := math.Float32bits(float32(v))
			for i := range 4 {
				b.WriteByte(byte(u >> (8 * i)))
			}
		case Float16:
			u := float32ToHalf(float32(v))
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	a, err := Read(&b, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ints(t *testing.T, a *Array) []int64 {
	t.Helper()
	v, err := a.Int64()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func iota64(from, n int) []int64 {
	v := make([]int64, n)
	for i := range v {
		v[i] = int64(from + i)
	}
	return v
}

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}
