package net

import "fmt"

// Shape is the extent of one sample's tensor: channels, rows, columns.
type Shape struct{ C, H, W int }

// Len is the number of elements.
func (s Shape) Len() int { return s.C * s.H * s.W }

// String writes C×H×W.
func (s Shape) String() string { return fmt.Sprintf("%d×%d×%d", s.C, s.H, s.W) }

const (
	maxElements = 1 << 34 // of a tensor (64 GiB of float32), so that no product of sizes overflows
	maxExtent   = 1 << 24 // of each size on its own, but for what flatten makes
)

// check returns an error if the shape is out of bounds.
func (s Shape) check() error {
	for _, v := range []int{s.C, s.H, s.W} {
		if v < 1 || v > maxExtent {
			return errExtent(s)
		}
	}
	if s.C > maxElements/s.H/s.W {
		return errExtent(s)
	}
	return nil
}

func errExtent(s Shape) error {
	return fmt.Errorf("%v: each size must be between 1 and %d, and their product at most %d", s, maxExtent, int64(maxElements))
}
