package models

import (
	"backdrop/formats/dataset"
	"backdrop/lib/net"
)

// SampleShape is what a network calls the shape of a sample, [W], [H,W] or [C,H,W].
func SampleShape(shape []int) net.Shape {
	switch len(shape) {
	case 1:
		return net.Shape{C: 1, H: 1, W: shape[0]}
	case 2:
		return net.Shape{C: 1, H: shape[0], W: shape[1]}
	}
	return net.Shape{C: shape[0], H: shape[1], W: shape[2]}
}

// AxesHint is dataset.AxesHint: it ends an error about samples of another shape than a network takes.
func AxesHint(got, want net.Shape) string {
	return dataset.AxesHint([3]int{got.C, got.H, got.W}, [3]int{want.C, want.H, want.W})
}
