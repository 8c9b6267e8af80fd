package scale

import (
	"fmt"
	"slices"

	"backdrop/lib/finite"
)

// Normalisation is what every sample goes through before a network sees it: (x − Mean)/Std. Both have a number for each
// channel, or one for all. Without numbers, samples stay as they are.
type Normalisation struct {
	Mean, Std []float32 // by channel; deviations are positive
}

// Validate says what is wrong with n for samples of that many channels, nil if nothing is.
func (n Normalisation) Validate(channels int) error {
	if len(n.Mean) != len(n.Std) || len(n.Mean) > 1 && len(n.Mean) != channels {
		return fmt.Errorf("scale: %d means and %d deviations of %d channels", len(n.Mean), len(n.Std), channels)
	}
	for c, std := range n.Std {
		if !(std > 0) || !finite.Is(std) {
			return fmt.Errorf("scale: the deviation must be positive and finite, got %v", std)
		}
		if mean := n.Mean[c]; !finite.Is(mean) {
			return fmt.Errorf("scale: the mean must be finite, got %v", mean)
		}
	}
	return nil
}

// None reports whether samples stay as they are.
func (n Normalisation) None() bool {
	for c, std := range n.Std {
		if std != 1 || n.Mean[c] != 0 {
			return false
		}
	}
	return true
}

// Of returns the mean and the deviation of a channel.
func (n Normalisation) Of(channel int) (mean, std float32) {
	switch len(n.Mean) {
	case 0:
		return 0, 1
	case 1:
		channel = 0
	}
	return n.Mean[channel], n.Std[channel]
}

// Numbers returns the means and deviations in the shortest form: one number for all channels if they agree.
func (n Normalisation) Numbers() (mean, std []float32) {
	switch {
	case len(n.Mean) == 0:
		return []float32{0}, []float32{1}
	case agree(n.Mean) && agree(n.Std):
		return n.Mean[:1], n.Std[:1]
	}
	return n.Mean, n.Std
}

// agree reports whether all numbers are the same.
func agree(v []float32) bool {
	return !slices.ContainsFunc(v, func(a float32) bool { return a != v[0] })
}

// Apply returns src normalised: in dst, which may be the same, or src itself if there is nothing to do.
func (n Normalisation) Apply(dst, src []float32) []float32 {
	if n.None() {
		return src
	}
	plane := len(src) / len(n.Mean)
	copy(dst, src)
	for c := range n.Mean {
		n.ApplyTo(dst[c*plane:], 1, plane, c)
	}
	return dst
}

// ApplyTo normalises count values of a channel, dst[0], dst[step], dst[2·step], …
func (n Normalisation) ApplyTo(dst []float32, step, count, channel int) {
	m, s := n.Of(channel)
	mean, std := float64(m), float64(s)
	if step == 1 {
		for i, v := range dst[:count] {
			dst[i] = float32((float64(v) - mean) / std) // the difference of two float32 may be no float32
		}
		return
	}
	for i := 0; i < count*step; i += step {
		dst[i] = float32((float64(dst[i]) - mean) / std)
	}
}
