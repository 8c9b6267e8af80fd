package scale

import (
	"fmt"
	"math"
	"slices"

	"backdrop/lib/pixels"
)

// Range is where the values of some samples lie: their smallest, their largest and the mean of their absolute values, of
// each channel or of all together. Without numbers it is not known.
type Range struct {
	Min, Max, Magnitude []float32 // by channel
}

// Known reports whether there is a range.
func (r Range) Known() bool { return len(r.Min) > 0 }

// Reach is the largest value; 0 if the range is not known.
func (r Range) Reach() float32 {
	if !r.Known() {
		return 0
	}
	return slices.Max(r.Max)
}

// Validate says what is wrong with r for samples of that many channels, nil if nothing is.
func (r Range) Validate(channels int) error {
	n := len(r.Min)
	if len(r.Max) != n || len(r.Magnitude) != n || n > 1 && n != channels {
		return fmt.Errorf("scale: %d smallest values, %d largest and %d magnitudes of %d channels", n, len(r.Max), len(r.Magnitude), channels)
	}
	return nil
}

// mostRanges is the number of channels up to which each has a range of its own.
const mostRanges = 256

// Range returns the range of each channel or, of more than 256, that of all together.
func (m Moments) Range() Range {
	var r Range
	size := 0.0
	for _, c := range m {
		r.Min, r.Max, r.Magnitude = append(r.Min, c.Min), append(r.Max, c.Max), append(r.Magnitude, float32(c.Magnitude))
		size += c.Magnitude / float64(len(m))
	}
	if len(m) > mostRanges {
		return Range{[]float32{slices.Min(r.Min)}, []float32{slices.Max(r.Max)}, []float32{float32(size)}}
	}
	return r
}

// Watch compares samples with a range.
type Watch struct {
	beside Range
	seen   []seen // by channel
}

// seen is what is known of the values of a channel.
type seen struct {
	Min, Max float32
	count    int
	beyond   int     // values that lie farther outside the range than it is wide
	sum      float64 // of the absolute values
}

// NewWatch returns a Watch that has seen nothing yet. The range must be known.
func NewWatch(beside Range) *Watch {
	w := &Watch{beside: beside}
	for range beside.Min {
		w.seen = append(w.seen, seen{Min: math.MaxFloat32, Max: -math.MaxFloat32})
	}
	return w
}

// Add takes in a sample of that many channels of count pixels each.
func (w *Watch) Add(x pixels.Source, channels, count int) {
	values := channels / len(w.seen) * count // one range may be of all channels together
	for c := range w.seen {
		at := func(i int) float32 { return pixels.At(x, (c*values+i)/count, i%count) }
		w.seen[c].add(values, at, w.beside.Min[c], w.beside.Max[c])
	}
}

// mostLooks is about how many values of each channel of a sample are looked at; where there are more, they are evenly spaced.
const mostLooks = 1 << 16

func (s *seen) add(values int, at func(int) float32, low, high float32) {
	farBelow, farAbove := low-(high-low), high+(high-low)
	every := values/mostLooks | 1 // odd, so as not to see the same columns of every row
	for i := 0; i < values; i += every {
		v := at(i)
		if v < s.Min {
			s.Min = v
		}
		if v > s.Max {
			s.Max = v
		}
		if v < farBelow || v > farAbove {
			s.beyond++
		}
		s.sum += math.Abs(float64(v))
		s.count++
	}
}

// Samples of one kind differ in their extremes, and the more the heavier their tails are. Even so, hardly a value lies
// farther outside the range than the range is wide, and the mean of the absolute values stays within a small factor.
const (
	mostBeyond     = 0.01
	leastMagnitude = 1.0 / 30
	leastExtent    = 1.0 / 12 // of both: 12 bits beside 16, or 8 beside 12, are 1/16
)

// Other is a channel whose values lie in another range.
type Other struct {
	Channel        int     // -1: all of them together
	Min, Max       float32 // of the values that were seen
	WasMin, WasMax float32 // of the range beside which they were seen
}

// Others returns the channels that are in another range: more than 1 % of their values are farther outside the range than
// it is wide, or they vary and the mean of their absolute values is less than 1/30 of what it was, or both this and the largest
// of them less than 1/12.
func (w *Watch) Others() []Other {
	var all []Other
	for c, s := range w.seen {
		count := float64(s.count)
		far := float64(s.beyond) > mostBeyond*count
		least := leastMagnitude
		if extent(s.Min, s.Max) < leastExtent*extent(w.beside.Min[c], w.beside.Max[c]) {
			least = leastExtent
		}
		small := (s.Min < s.Max || s.sum == 0) && s.sum < least*count*float64(w.beside.Magnitude[c])
		if !far && !small {
			continue
		}
		o := Other{c, s.Min, s.Max, w.beside.Min[c], w.beside.Max[c]}
		if len(w.seen) == 1 {
			o.Channel = -1
		}
		all = append(all, o)
	}
	return all
}

// extent is the largest absolute value in a range.
func extent(low, high float32) float64 { return math.Max(-float64(low), float64(high)) }
