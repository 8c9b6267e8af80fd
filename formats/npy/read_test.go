package npy

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"
)

// ramp returns an array of shape [n] with the elements 0, 1, …, as numpy.save writes it.
func ramp(t testing.TB, n int) ([]byte, []float32) {
	t.Helper()
	data := make([]float32, n)
	for i := range data {
		data[i] = float32(i)
	}
	var b bytes.Buffer
	if err := WriteFloat32(&b, []int{n}, data); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), data
}

// TestReadSweep reads arrays of lengths around the step and its multiples, with reads of any size.
func TestReadSweep(t *testing.T) {
	small := []int{0, 1, 2, 3, 31, 32, 33}
	large := []int{step/4 - 1, step / 4, step/4 + 1, step/2 - 1, step / 2, step/2 + 1, 3*step/4 - 1, step + 1}
	for _, c := range []struct {
		name    string
		reader  func(io.Reader) io.Reader
		lengths []int
	}{
		{"memory", func(r io.Reader) io.Reader { return r }, append(small, large...)},
		{"stream", func(r io.Reader) io.Reader { return struct{ io.Reader }{r} }, append(small, large...)},
		{"half", iotest.HalfReader, append(small, large...)},
		{"data and EOF together", iotest.DataErrReader, append(small, large...)},
		{"one byte", iotest.OneByteReader, append(small, step/4+1)},
	} {
		for _, n := range c.lengths {
			text, want := ramp(t, n)
			r := c.reader(bytes.NewReader(text))
			a, err := Read(r, int64(4*n))
			if err != nil {
				t.Errorf("%s, %d elements: %v", c.name, n, err)
				continue
			}
			if got, err := a.Float32(); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s, %d elements: other elements, error %v", c.name, n, err)
			}
			if _, err := Read(r, int64(4*n)); err != io.EOF {
				t.Errorf("%s, %d elements: after the array: %v, want io.EOF", c.name, n, err)
			}
		}
	}
}

// TestReadStream reads several arrays that follow one another, and nothing behind them.
func TestReadStream(t *testing.T) {
	var b bytes.Buffer
	for _, err := range []error{
		WriteFloat32(&b, []int{2, 2}, []float32{1, 2, 3, 4}),
		WriteInt64(&b, []int{3}, []int64{-1, 0, 1}),
		WriteFloat32(&b, []int{0, 7}, nil),
		WriteAs(&b, Float16, nil, []float32{0.5}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.WriteString("rest")
	r := struct{ io.Reader }{&b}
	for _, want := range []struct {
		shape []int
		data  []float32
	}{
		{[]int{2, 2}, []float32{1, 2, 3, 4}}, {[]int{3}, []float32{-1, 0, 1}}, {[]int{0, 7}, []float32{}}, {[]int{}, []float32{0.5}},
	} {
		a, err := Read(r, 100)
		if err != nil {
			t.Fatal(err)
		}
		data, err := a.Float32()
		if err != nil || !reflect.DeepEqual(a.Shape, want.shape) || !reflect.DeepEqual(data, want.data) {
			t.Errorf("got %v %v, error %v, want %v", a.Shape, data, err, want)
		}
	}
	if got := b.String(); got != "rest" {
		t.Errorf("after the last array the stream goes on with %q", got)
	}
}

// TestReadCut cuts an array at every byte.
func TestReadCut(t *testing.T) {
	text, _ := ramp(t, 100)
	for n := range text {
		_, err := Read(bytes.NewReader(text[:n]), 400)
		if n == 0 {
			if err != io.EOF {
				t.Errorf("an empty stream: %v, want io.EOF", err)
			}
			continue
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) || err == io.ErrUnexpectedEOF {
			t.Errorf("cut after %d bytes: %v", n, err)
		}
	}
	for n, want := range map[int]string{
		7:         "npy: header ends after 7 of 10 bytes",
		9:         "npy: header ends after 9 of 10 bytes",
		100:       "npy: header ends after 100 of 128 bytes",
		128:       "npy: data ends after 0 of 400 bytes",
		128 + 12:  "npy: data ends after 12 of 400 bytes",
		128 + 399: "npy: data ends after 399 of 400 bytes",
	} {
		if _, err := Read(bytes.NewReader(text[:n]), 400); err == nil || err.Error() != want {
			t.Errorf("cut after %d bytes: %v, want %s", n, err, want)
		}
	}
}

func TestReadPassesFailuresOn(t *testing.T) {
	text, _ := ramp(t, 100)
	failure := errors.New("disk on fire")
	for _, n := range []int{0, 5, 9, 50, 128, 200} {
		r := io.MultiReader(bytes.NewReader(text[:n]), iotest.ErrReader(failure))
		if _, err := Read(r, 400); !errors.Is(err, failure) || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("failure after %d bytes: %v", n, err)
		}
	}
}
