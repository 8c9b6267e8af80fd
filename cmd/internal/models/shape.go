package models

import (
	"backdrop/formats/dataset"
	"backdrop/lib/net"
)

// SampleShape is what a network calls the shape of a sample as package dataset hands it on: channels and one to three axes.
func SampleShape(shape []int) net.Shape {
	s := net.Shape{C: shape[0]}
	axes := [3]*int{&s.D, &s.H, &s.W}
	for i, n := range shape[1:] {
		*axes[4-len(shape)+i] = n
	}
	return s
}

// AxesHint ends an error about samples of another shape than a network takes, which may be the zero Shape if it is unknown:
// how to say what the axes are, if that seems to be the reason.
func AxesHint(got, want net.Shape) string {
	var wanted []int
	if want != (net.Shape{}) {
		wanted = want.Axes()
	}
	if hint := dataset.AxesHint(got.Axes(), wanted); hint != "" {
		return hint + "; --axes says so"
	}
	return ""
}
