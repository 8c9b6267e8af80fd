// Package rng gives every random decision of the project a stream of its own, named by coordinates instead of by
// the order in which it was asked for: the same seed, purpose and coordinates always give the same numbers,
// whatever ran before, on however many threads.
package rng

import "math/rand/v2"

// Purpose separates streams that share a seed and coordinates.
type Purpose uint64

const (
	Field     Purpose = iota + 1 // the normals of a Gaussian field: sample, scale, row of modes (of plane and row in three dimensions)
	Mask                         // a backdrop mask: step, layer, sample
	Init                         // initial parameters: layer
	Shuffle                      // the order of samples: epoch
	Dropout                      // a dropout mask: step, layer, sample
	Split                        // which samples are held out for validation
	Augment                      // how a sample is changed: epoch, sample
	Bootstrap                    // resampling: replicate
	Nugget                       // white noise on a Gaussian field: sample, scale, row
	Patch                        // where a patch of a patchwork lies, and its normals: sample, scale, patch
	Folds                        // which fold of a cross-validation a sample is in: class; groups of samples: all
)

// Stream is a source of random numbers; it is a rand.Source that can be set to other coordinates without
// allocating. The generator is PCG-DXSM (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically
// Good Algorithms for Random Number Generation", 2014), seeded with a hash of the coordinates.
type Stream struct{ rand.PCG }

// Set moves s to the start of the stream with these coordinates.
func (s *Stream) Set(seed uint64, purpose Purpose, coords ...uint64) {
	a, b := mix(seed+golden), mix(^seed)
	a, b = absorb(a, b, uint64(purpose))
	for _, c := range coords {
		a, b = absorb(a, b, c)
	}
	s.Seed(a, b)
}

// New returns a generator at the start of the stream with these coordinates.
func New(seed uint64, purpose Purpose, coords ...uint64) *rand.Rand {
	s := new(Stream)
	s.Set(seed, purpose, coords...)
	return rand.New(s)
}

// golden is 2⁶⁴ over the golden ratio, the increment of SplitMix64.
const golden = 0x9e3779b97f4a7c15

func absorb(a, b, c uint64) (uint64, uint64) {
	a = mix(a ^ c)
	b = mix(b + a + golden)
	return a, b
}

// mix is the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014), a bijection of 64 bits in which every input bit changes half of the output bits.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
