package dataset

import (
	"fmt"
	"slices"

	"backdrop/lib/dims"
)

// Extents are how large samples are that differ in size, along each axis besides channels.
type Extents struct {
	Usual []int  // the median
	Least []int  // the smallest
	Rest  []int  // the smallest of samples that are not tiny
	Tiny  string // the first sample that is tiny, such as a thumbnail among photographs, and how many others are; "" if none is, or more than a few
}

// tiny is how many times smaller than the median a sample is, along one axis, to be called tiny.
const tiny = 4

// ExtentsOf returns the extents of n samples, of which there is at least one. sample returns the key and the shape of one, channels
// first.
func ExtentsOf(n int, sample func(i int) (key string, shape []int)) Extents {
	var e Extents
	along := make([]int, n)
	_, first := sample(0)
	for axis := range first[1:] {
		for i := range n {
			_, shape := sample(i)
			along[i] = shape[1+axis]
		}
		slices.Sort(along)
		e.Usual, e.Least = append(e.Usual, along[n/2]), append(e.Least, along[0])
	}
	few, others := 0, 0
	for i := range n {
		if _, shape := sample(i); isTiny(shape[1:], e.Usual) {
			few++
		}
	}
	if few > max(1, n/4) || 2*few >= n { // so many are no stray thumbnails, but may be all of a class
		e.Rest = slices.Clone(e.Least)
		return e
	}
	for i := range n {
		key, shape := sample(i)
		switch {
		case !isTiny(shape[1:], e.Usual):
			if e.Rest == nil {
				e.Rest = slices.Clone(shape[1:])
			}
			smallest(e.Rest, shape)
		case e.Tiny == "":
			e.Tiny = fmt.Sprintf("%s (%s)", key, dims.Text(shape[1:]))
		default:
			others++
		}
	}
	if others > 0 {
		e.Tiny += fmt.Sprintf(" and %d more", others)
	}
	return e
}

func isTiny(extents, usual []int) bool {
	for i, n := range extents {
		if tiny*n <= usual[i] {
			return true
		}
	}
	return false
}
