package stream

import (
	"math"
	"slices"

	"backdrop/formats/sniff"
)

// Depth is what pictures have shown of their bits.
type Depth struct {
	Pictures int    // how many there were
	Deep     int    // how many of these have 16 bits
	First    string // key of the first of these
	Largest  int    // the largest value in these, of 65535
}

// Depth returns that of the pictures so far.
func (r *Reader) Depth() Depth { return r.depth }

// add takes in a picture with this key, which became these values.
func (d *Depth) add(key string, data []byte, values []float32) {
	d.Pictures++
	if !deep(data) {
		return
	}
	if d.Deep++; d.Deep == 1 {
		d.First = key
	}
	d.Largest = max(d.Largest, int(math.Round(float64(slices.Max(values))*math.MaxUint16)))
}

// deep reports whether a picture that can be decoded has 16 bits. In a PNG the depth stands behind the height (ISO/IEC 15948, 11.2.2).
func deep(data []byte) bool {
	const depth = 24
	switch {
	case sniff.IsPNG(data):
		return data[depth] == 16
	case sniff.IsTIFF(data):
		d, err := firstDirectory(data)
		return err == nil && d.first(bitsPerSample, 1) == 16
	}
	return false
}
