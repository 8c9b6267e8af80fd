package gp

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/decimal"
	"backdrop/lib/finite"
)

// The text of scales, such as 9.5,10:80,140x150, is a colon between scales, a comma between the lengths of a scale to choose
// from, and an x between the lengths along the axes. SplitScales, ParseScales and ParseLength are all there is to it; Spec's
// Validate checks what the lengths are.

// Length is a correlation length in pixels: one for all axes, or one for each.
type Length []float64

// SplitScales returns the items of each scale, as they are written but for spaces around them. Other lists that stand for the
// lengths of scales are written alike.
func SplitScales(text string) [][]string {
	var scales [][]string
	for _, scale := range strings.Split(text, ":") {
		items := strings.Split(scale, ",")
		for i, item := range items {
			items[i] = strings.TrimSpace(item)
		}
		scales = append(scales, items)
	}
	return scales
}

// ParseScales reads the lengths of each scale.
func ParseScales(text string) ([][]Length, error) {
	var scales [][]Length
	for _, items := range SplitScales(text) {
		var lengths []Length
		for _, item := range items {
			l, err := ParseLength(item)
			if err != nil {
				return nil, err
			}
			lengths = append(lengths, l)
		}
		scales = append(scales, lengths)
	}
	return scales, nil
}

// ParseLength reads lengths such as 9.5, or 10x20 with one for every axis.
func ParseLength(text string) (Length, error) {
	var l Length
	for _, part := range strings.Split(text, "x") {
		v, err := decimal.Float(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", part)
		}
		l = append(l, v)
	}
	return l, nil
}

// String writes a length as ParseLength reads it.
func (l Length) String() string {
	var parts []string
	for _, v := range l {
		parts = append(parts, strconv.FormatFloat(v, 'g', -1, 64))
	}
	return strings.Join(parts, "x")
}

// MarshalJSON writes a number for a length that is the same along all axes, else an array.
func (l Length) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]float64(l))
}

// Validate returns an error if l is not positive and finite along every axis.
func (l Length) Validate() error {
	if slices.ContainsFunc(l, func(v float64) bool { return !(v > 0) || !finite.Is(v) }) {
		return fmt.Errorf("length must be positive and finite, got %v", l)
	}
	return nil
}

// Along returns the length along each of that many axes.
func (l Length) Along(axes int) []float64 {
	if len(l) == 1 {
		return slices.Repeat(l, axes)
	}
	return l
}

// A LengthError says that a length is too long for the fields it was asked for.
type LengthError struct {
	Length     Length // as it was given
	Side, Most int    // of the field along the axis where it is too long, and the longest length there, in pixels
	Open       bool   // the field is a window of open space; else a torus
	FitsOpen   bool   // the length is not too long for a window of the same size
}

// Error says so in a line.
func (e *LengthError) Error() string {
	if e.Open {
		return fmt.Sprintf("length %v is longer than a window of %d px can show, at most %d", e.Length, e.Side, e.Most)
	}
	return fmt.Sprintf("length %v is longer than a torus of %d px can hold, at most %d", e.Length, e.Side, e.Most)
}

// maxWindow is how many times longer than a window's side a length may be: the deviation of what is then left of a field
// without its mean is above 1/20, and float32 has five digits of it.
const maxWindow = 4

// CheckLength says what is wrong with a length of fields of a shape, nil if nothing is. The error is a *LengthError where it is
// too long.
func CheckLength(l Length, shape []int, open bool) error {
	if len(l) != 1 && len(l) != len(shape) {
		return fmt.Errorf("length must be one number, or one for each of %d axes, got %v", len(shape), l)
	}
	if err := l.Validate(); err != nil {
		return err
	}
	for i, v := range l.Along(len(shape)) {
		// On a torus, at the side itself all but 5e-9 of a squared exponential's variance is in the mean; beyond, float32
		// cannot tell a field from none.
		times := 1
		if open {
			times = maxWindow
		}
		if v > float64(times)*float64(shape[i]) { // a product of sizes may be no int
			return &LengthError{Length: l, Side: shape[i], Most: times * shape[i], Open: open, FitsOpen: !open && CheckLength(l, shape, true) == nil}
		}
	}
	return nil
}

// validateScales checks the lengths of all scales, and that each belongs to one scale only.
func (s *Spec) validateScales() error {
	if len(s.Scales) == 0 {
		return fmt.Errorf("at least one scale is needed, got none")
	}
	classes := 1
	scaleOf := map[string]int{}
	for j, lengths := range s.Scales {
		if len(lengths) == 0 {
			return fmt.Errorf("scale %d has no length", j+1)
		}
		for _, l := range lengths {
			var long *LengthError
			if err := CheckLength(l, s.Shape, s.Open); errors.As(err, &long) {
				return err
			} else if err != nil {
				return fmt.Errorf("%w in scale %d", err, j+1)
			}
			key := Length(l.Along(len(s.Shape))).String()
			switch i, taken := scaleOf[key]; {
			case taken && i == j:
				return fmt.Errorf("length %v stands twice in scale %d", l, j+1)
			case taken:
				return fmt.Errorf("length %v stands in scales %d and %d; a length may belong to one scale only", l, i+1, j+1)
			}
			scaleOf[key] = j
		}
		if classes > maxClasses/len(lengths) {
			return fmt.Errorf("lengths combine to more than %d classes; try fewer scales or lengths", maxClasses)
		}
		classes *= len(lengths)
	}
	return nil
}
