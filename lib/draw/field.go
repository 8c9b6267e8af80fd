package draw

import (
	"fmt"
	"math"
	"slices"

	"backdrop/lib/finite"
)

// A Field is a picture made of numbers: H rows of W values each, in Data one row after the other.
type Field struct {
	H, W  int       // rows and columns
	Data  []float32 // [H, W]
	Cells Cells     // what the values stand for; zero for themselves
}

// NewField returns a field of zeros.
func NewField(h, w int) Field { return Field{H: h, W: w, Data: make([]float32, h*w)} }

// A Range is the interval of values that a colour map is stretched over.
type Range struct {
	Low, High float64 // both belong to it
}

// Span returns the least and the largest finite value of the fields, zeros if there is none.
func Span(fields ...Field) Range {
	low, high := math.Inf(1), math.Inf(-1)
	for _, f := range fields {
		for _, v := range f.Data {
			if v64 := float64(v); finite.Is(v64) {
				low, high = min(low, v64), max(high, v64)
			}
		}
	}
	if low > high {
		return Range{}
	}
	return Range{low, high}
}

// Robust returns the interval that leaves out the fraction tail of the finite values on either side, so that everything
// else keeps its contrast beside a few outliers.
func Robust(tail float64, fields ...Field) Range {
	if !(tail >= 0 && tail < 0.5) {
		panic("draw: tail of a robust range outside [0, 0.5)")
	}
	var values []float32
	for _, f := range fields {
		for _, v := range f.Data {
			if finite.Is(float64(v)) {
				values = append(values, v)
			}
		}
	}
	if len(values) == 0 {
		return Range{}
	}
	slices.Sort(values)
	skip := int(tail * float64(len(values)))
	return Range{float64(values[skip]), float64(values[len(values)-1-skip])}
}

// missing says how many values are not numbers and where the first of them is; "" if all are.
func (f Field) missing() string {
	_, w := f.places()
	return f.Cells.missing(func(i int) string { return fmt.Sprintf("row %d, column %d", i/w, i%w) }, f.Data)
}

// missing says how many values are not numbers and where the first of them is; "" if all are.
func missing(place func(i int) string, parts ...[]float32) string {
	count, first, all := 0, 0, 0
	for _, part := range parts {
		for i, v := range part {
			if v != v {
				if count == 0 {
					first = all + i
				}
				count++
			}
		}
		all += len(part)
	}
	return missingOf(count, all, first, place)
}

// missingOf says that so many of all values are not numbers, the first at the place of that number; "" if all are.
func missingOf(count, all, first int, place func(i int) string) string {
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d values are not numbers (cyan), the first at %s", count, all, place(first))
}

// Shrink returns the means of squares of n×n values. Where n does not divide the size, the squares at the right and lower
// edges are smaller.
func (f Field) Shrink(n int) Field { return f.shrink(n, Average) }

// shrink returns one value for each square of n×n: their mean, or the largest.
func (f Field) shrink(n int, p Projection) Field {
	if n == 1 || f.Data == nil {
		return f
	}
	out := NewField((f.H+n-1)/n, (f.W+n-1)/n)
	sums := make([]float64, out.W)
	for y := range out.H {
		clear(sums)
		if p == Largest {
			for x := range sums {
				sums[x] = math.Inf(-1)
			}
		}
		rows := min(n, f.H-y*n)
		for r := range rows {
			row := f.Data[(y*n+r)*f.W:][:f.W]
			for x := range sums {
				for _, v := range row[x*n : min(x*n+n, f.W)] {
					if p == Largest {
						sums[x] = max(sums[x], float64(v))
					} else {
						sums[x] += float64(v)
					}
				}
			}
		}
		for x, sum := range sums {
			if p == Largest {
				out.Data[y*out.W+x] = float32(sum)
				continue
			}
			out.Data[y*out.W+x] = float32(sum / float64(rows*min(n, f.W-x*n)))
		}
	}
	return out
}
