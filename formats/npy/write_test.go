package npy

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

// TestWriteHeader knows the bytes of numpy.save (NumPy 1.24.2); numpy_test.go asks the NumPy of this machine.
func TestWriteHeader(t *testing.T) {
	const start = "\x93NUMPY\x01\x00\x76\x00"
	for _, c := range []struct {
		dtype DType
		shape []int
		want  string // without the padding
	}{
		{Float32, []int{2, 3, 4}, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 4), }"},
		{Float16, nil, "{'descr': '<f2', 'fortran_order': False, 'shape': (), }"},
		{Bool, []int{7}, "{'descr': '|b1', 'fortran_order': False, 'shape': (7,), }"},
		{Uint8, []int{0, 1}, "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 1), }"},
	} {
		var b bytes.Buffer
		if err := WriteHeader(&b, c.dtype, c.shape); err != nil {
			t.Fatal(err)
		}
		want := start + c.want
		want += strings.Repeat(" ", 127-len(want)) + "\n"
		if b.String() != want {
			t.Errorf("%s %v:\n got %q\nwant %q", c.dtype, c.shape, b.String(), want)
		}
	}
}

// TestHeaderHasRoomToGrow: the first size can be replaced by any other without moving the elements.
func TestHeaderHasRoomToGrow(t *testing.T) {
	for dims := 1; dims <= maxDims; dims++ {
		shape := make([]int, dims)
		for i := range shape {
			shape[i] = 1000000
		}
		lengths := map[int]bool{}
		for _, n := range []int{0, 9, 10, 99999, math.MaxInt} {
			shape[0] = n
			var b bytes.Buffer
			if err := WriteHeader(&b, Float32, shape); err != nil {
				t.Fatal(err)
			}
			lengths[b.Len()] = true
			if b.Len()%64 != 0 {
				t.Errorf("%v: header of %d bytes", shape, b.Len())
			}
		}
		if len(lengths) != 1 {
			t.Errorf("%d dimensions: headers of lengths %v", dims, lengths)
		}
	}
}

// TestWriteAs writes numbers of elements around the chunk in which they are converted.
func TestWriteAs(t *testing.T) {
	for _, n := range []int{0, 1, 2, 8191, 8192, 8193, 20000} {
		data := make([]float32, n)
		for i := range data {
			data[i] = float32(i%2048) / 8 // exact in every float
		}
		for _, dtype := range []DType{Float16, Float32, Float64} {
			var b bytes.Buffer
			if err := WriteAs(&b, dtype, []int{n, 1}, data); err != nil {
				t.Fatal(err)
			}
			a, err := Read(&b, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := a.Float32(); err != nil || !reflect.DeepEqual(got, data) || a.DType != dtype {
				t.Errorf("%d elements as %s: type %s, error %v, or other elements", n, dtype, a.DType, err)
			}
		}
	}
}

func TestWriteAsHalfOverflows(t *testing.T) {
	data := make([]float32, 9000)
	data[0], data[1] = float32(math.Inf(-1)), float32(math.NaN()) // as they are in every float
	data[8999] = 65519                                            // rounds to 65504, the largest half
	var b bytes.Buffer
	if err := WriteAs(&b, Float16, []int{9000}, data); err != nil {
		t.Fatal(err)
	}
	data[8999] = -65520 // as near to 65536, which would be infinite
	want := "npy: element 8999 is -65520, beyond the range of f2 (65504); write f4"
	if err := WriteAs(&b, Float16, []int{9000}, data); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestWrite writes arrays in every order of bytes and elements, and reads the same elements in C order.
func TestWrite(t *testing.T) {
	for name, a := range iotas(t) {
		for what, v := range map[string]*Array{"whole": a, "row": a.Row(1), "row of row": a.Row(1).Row(2), "element": a.Row(1).Row(2).Row(3)} {
			var b bytes.Buffer
			if err := Write(&b, v); err != nil {
				t.Fatal(err)
			}
			got, err := Read(&b, 48)
			if err != nil {
				t.Fatal(err)
			}
			if got.DType != Uint16 || !reflect.DeepEqual(got.Shape, v.Shape) || !reflect.DeepEqual(ints(t, got), ints(t, v)) {
				t.Errorf("%s, %s: got %v %v", name, what, got.Shape, ints(t, got))
			}
		}
	}
}

// TestWriteLongRows writes a big-endian array longer than the chunk in which bytes are reversed.
func TestWriteLongRows(t *testing.T) {
	n := 20001
	data := make([]byte, 2*n)
	for i := range n {
		data[2*i], data[2*i+1] = byte(i>>8), byte(i)
	}
	a, err := Read(strings.NewReader(arrayText(1, "{'descr': '>u2', 'fortran_order': False, 'shape': (20001,)}\n", string(data))), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, a); err != nil {
		t.Fatal(err)
	}
	if a, err = Read(&b, 1<<20); err != nil || !reflect.DeepEqual(ints(t, a), iota64(0, n)) {
		t.Errorf("other elements, error %v", err)
	}
}

// failingWriter fails after n bytes.
type failingWriter struct{ n int }

var errFull = errors.New("disk full")

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) > w.n {
		return 0, errFull
	}
	w.n -= len(p)
	return len(p), nil
}

func TestWritersPassFailuresOn(t *testing.T) {
	a := iotas(t)[">True"]
	for what, write := range map[string]func(*failingWriter) error{
		"Write":        func(w *failingWriter) error { return Write(w, a) },
		"WriteFloat32": func(w *failingWriter) error { return WriteFloat32(w, []int{3}, make([]float32, 3)) },
		"WriteInt64":   func(w *failingWriter) error { return WriteInt64(w, []int{3}, make([]int64, 3)) },
		"WriteAs":      func(w *failingWriter) error { return WriteAs(w, Float16, []int{3}, make([]float32, 3)) },
	} {
		for _, n := range []int{0, 130} { // in the header, in the data
			if err := write(&failingWriter{n}); err != errFull {
				t.Errorf("%s after %d bytes: %v", what, n, err)
			}
		}
	}
}

func TestWritersPanic(t *testing.T) {
	var b bytes.Buffer
	for what, f := range map[string]func(){
		"too few elements":  func() { WriteFloat32(&b, []int{2, 2}, make([]float32, 3)) },
		"too many elements": func() { WriteInt64(&b, nil, make([]int64, 2)) },
		"WriteAs too few":   func() { WriteAs(&b, Float64, []int{2}, make([]float32, 1)) },
		"negative size":     func() { WriteFloat32(&b, []int{-1, -1}, make([]float32, 1)) },
		"65 dimensions":     func() { WriteHeader(&b, Float32, make([]int, 65)) },
		"WriteAs i4":        func() { WriteAs(&b, Int32, []int{1}, make([]float32, 1)) },
	} {
		if !panics(f) {
			t.Errorf("%s: no panic", what)
		}
	}
	if b.Len() != 0 {
		t.Errorf("%d bytes were written before the panics", b.Len())
	}
}
