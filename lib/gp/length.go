package gp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/decimal"
)

// Length is a correlation length in pixels: one for all axes, or one for each.
type Length []float64

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

// each returns the lengths along a number of axes.
func (l Length) each(axes int) []float64 {
	if len(l) == 1 {
		return slices.Repeat(l, axes)
	}
	return l
}
