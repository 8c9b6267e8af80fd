package main

import (
	"fmt"
	"math"

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

// read reads a field.
func (f fieldFile) read(dst []float32) error {
	a, err := openArray(f.name)
	if err != nil {
		return err
	}
	defer a.Close()
	field := a.Array
	if f.row >= 0 {
		if len(a.Shape) == 0 || f.row >= a.Shape[0] {
			return fmt.Errorf("%v: the file has changed", f)
		}
		field = a.Row(f.row)
	}
	if field.Len() != len(dst) {
		return fmt.Errorf("%v: the file has changed", f)
	}
	if err := field.Float32To(dst); err != nil {
		return fmt.Errorf("%v: %w", f, err)
	}
	return nil
}

// checkMoments refuses a field that is not standardised.
func checkMoments(x []float32) error {
	if i := finite.First(x); i >= 0 {
		return fmt.Errorf("value %d is %v", i, x[i])
	}
	sum, square := 0.0, 0.0
	for _, v := range x {
		sum += float64(v)
	}
	mean := sum / float64(len(x))
	for _, v := range x {
		d := float64(v) - mean
		square += d * d
	}
	deviation := math.Sqrt(square / float64(len(x)))
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
