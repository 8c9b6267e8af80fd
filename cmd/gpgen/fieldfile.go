package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"backdrop/formats/npy"
	"backdrop/lib/finite"
)

// A fieldFile is a file, or a row of the array in it.
type fieldFile struct {
	name string
	row  int // -1: all of it
}

// String names the file and the row.
func (f fieldFile) String() string {
	if f.row < 0 {
		return f.name
	}
	return fmt.Sprintf("%s[%d]", f.name, f.row)
}

// An openField is a field in a file that is open.
type openField struct {
	file  *npy.File
	field *npy.Array
	name  fieldFile
}

// open opens a field of a shape.
func (f fieldFile) open(shape []int) (*openField, error) {
	a, err := openArray(f.name)
	if err != nil {
		return nil, err
	}
	field := a.Array
	if f.row >= 0 && len(a.Shape) > 0 && f.row < a.Shape[0] {
		field = a.Row(f.row)
	}
	if !slices.Equal(field.Shape, shape) {
		a.Close()
		return nil, fmt.Errorf("%v: the file has changed", f)
	}
	return &openField{a, field, f}, nil
}

// close closes the file.
func (f *openField) close() { f.file.Close() }

// parts is the number of parts in which a field of a shape is read: rows along the first axis, if there are others.
func parts(shape []int) int {
	if len(shape) < 2 {
		return 1
	}
	return shape[0]
}

// read reads a part.
func (f *openField) read(part int, dst []float32) error {
	a := f.field
	if len(a.Shape) > 1 {
		a = a.Row(part)
	}
	return a.Float32To(dst)
}

// each hands over the values of all parts in order. buffer has room for one.
func (f *openField) each(buffer []float32, take func(v float64)) error {
	for part := range parts(f.field.Shape) {
		if err := f.read(part, buffer); err != nil {
			return err
		}
		for _, v := range buffer {
			take(float64(v))
		}
	}
	return nil
}

// checkMoments refuses a field that is not standardised. buffer has room for a part.
func (f *openField) checkMoments(buffer []float32) error {
	err := checkValues(func(take func(v float64)) error { return f.each(buffer, take) })
	if err != nil {
		return fmt.Errorf("%v: %w", f.name, err)
	}
	return nil
}

// checkMoments refuses values that are not standardised.
func checkMoments(x []float32) error {
	return checkValues(func(take func(v float64)) error {
		for _, v := range x {
			take(float64(v))
		}
		return nil
	})
}

// checkValues refuses values that are not standardised. Each hands them over in order, as often as it is called.
func checkValues(each func(take func(v float64)) error) error {
	sum, square, at := 0.0, 0.0, 0
	var bad error
	err := each(func(v float64) {
		if !finite.Is(v) && bad == nil {
			bad = fmt.Errorf("value %d is %v", at, v)
		}
		sum += v
		at++
	})
	if err = cmp.Or(err, bad); err != nil {
		return err
	}
	mean := sum / float64(at)
	if err := each(func(v float64) {
		d := v - mean
		square += d * d
	}); err != nil {
		return err
	}
	deviation := math.Sqrt(square / float64(at))
	switch {
	case !(math.Abs(mean) <= tolerance):
		return fmt.Errorf("the mean is %.4g, of a standardised field at most %g from 0; standardise it first", mean, tolerance)
	case !(math.Abs(deviation-1) <= tolerance):
		return fmt.Errorf("the deviation is %.4g, of a standardised field at most %g from 1; standardise it first", deviation, tolerance)
	}
	return nil
}

// tolerance is how far the mean of a field may be from 0 and its deviation from 1: half precision moves them that far.
const tolerance = 1e-3

// openArray opens a .npy file, whose name is in the error.
func openArray(name string) (*npy.File, error) {
	f, err := npy.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}
