package dataset

import (
	"fmt"
	"math"
	"math/bits"

	"backdrop/formats/stream"
)

// mostShallow is the largest value of pictures of 16 bits whose values have fewer: cameras and scanners have 10, 12 or 14, and
// many write these into files of 16 as they are.
const mostShallow = 1<<14 - 1

// shallow reports whether pictures of 16 bits use so few of these that they are dark beside samples that reach up to the given
// value, or beside the other pictures.
func shallow(d stream.Depth, reach float32) bool {
	const darker = 2
	if d.Deep == 0 || d.Largest == 0 || d.Largest > mostShallow {
		return false
	}
	return d.Deep < d.Pictures || darker*reached(d) < reach
}

// reached is the largest value of pictures of 16 bits, as samples have it.
func reached(d stream.Depth) float32 { return float32(d.Largest) / math.MaxUint16 }

// noteDepth says that pictures of 16 bits use fewer of these, if that makes them dark.
func (s *checked) noteDepth() {
	r, ok := s.Source.(streamSource)
	if !ok {
		return
	}
	if s.depth = r.Depth(); !shallow(s.depth, s.reach) {
		return
	}
	used := bits.Len(uint(s.depth.Largest))
	which, than := "pictures of 16 bits", "those that use all bits reach 1"
	if others := s.depth.Pictures - s.depth.Deep; others > 0 {
		which = fmt.Sprintf("%d pictures of 16 bits (the first is that of sample %s)", s.depth.Deep, s.depth.First)
		if s.depth.Deep == 1 {
			which = fmt.Sprintf("the picture of 16 bits, that of sample %s,", s.depth.First)
		}
		than = fmt.Sprintf("the other pictures (%d) reach 1", others)
	}
	s.note(fmt.Sprintf("the largest value in %s is %d of 65535, as of %d bits: they reach %.3g, where %s; to put them beside such, multiply their values by %d beforehand",
		which, s.depth.Largest, used, reached(s.depth), than, 1<<(16-used)))
}
