package patchwork

import (
	"fmt"
	"math"
)

// A Layout tells how fields of one length are put together.
type Layout struct {
	Length          float64 `json:"length"`    // nominal, in pixels
	EffectiveLength float64 `json:"effective"` // that of the expected covariance, in pixels: 0.793 of the nominal one from 8 to 50
	Shape           [2]int  `json:"shape"`     // of the field: height and width in pixels
	Patches         int     `json:"patches"`   // how many are added up
	Size            [2]int  `json:"size"`      // of a patch, in pixels
	Strip           int     `json:"strip"`     // rows, and columns, that are copied from one edge to the other
	// Low and High are the least and the greatest variance of a pixel over random places and patches, relative to
	// the mean: the edges are thin where the strip is too narrow, and doubled where it is too wide. Only Describe finds
	// them.
	Low  float64 `json:"least_variance"`
	High float64 `json:"greatest_variance"`
}

// A Patchwork draws the fields of a Layout. Several goroutines may use it at once, each with a Scratch of its own.
//
// A patch is A Z Aᵀ with a matrix Z of standard normals. Both the covariance and the interpolation are separable, so
// all that is needed, once for all patches, is a root A of the covariance along each axis, interpolated and under the
// envelope.
type Patchwork struct {
	Layout
	rows, cols []float32 // the roots along the axes: [Size[0], rank[0]] and [Size[1], rank[1]]
	rank       [2]int
}

// DefaultWrapFactor is the one that was found by hand for uniform fields.
const DefaultWrapFactor = 1.246

// Figures of the construction.
const (
	patchPoints   = 50  // along a side of a patch, before it is interpolated
	patchLength   = 8   // the longest on this grid
	envelopeDecay = 23  // exp(-23 r²)
	patchOverlap  = 6   // patches for every area that one of them covers
	coveredPart   = 0.6 // of a patch's side
	stripPart     = 0.8 // of a patch's side
	coarseLength  = 50  // px: from here on one coarse grid makes the field
	coarseFactor  = 8
	maxWrapFactor = 10
)

// A PatchError says that the patches of a length do not fit into a field.
type PatchError struct {
	Length     float64 // in pixels
	Size, Side int     // of a patch, and the shorter side of the field, in pixels
}

// Error says so in a line.
func (e *PatchError) Error() string {
	return fmt.Sprintf("length %g takes patches of %d px, too large for a side of %d", e.Length, e.Size, e.Side)
}

// A StripError says that the strips that opposite edges share would overlap.
type StripError struct {
	Length, WrapFactor float64 // as they were given
	Strip, Side        int     // the width of a strip, and the shorter side of the field, in pixels
}

// Error says so in a line.
func (e *StripError) Error() string {
	return fmt.Sprintf("length %g with wrap factor %g takes strips of %d px, too wide for a side of %d", e.Length, e.WrapFactor, e.Strip, e.Side)
}

// Check says what is wrong with the arguments of New, nil if nothing is. A length from which on there are no patches always
// fits. The error is a *PatchError or a *StripError where the field is too small.
func Check(shape [2]int, length, wrapFactor float64) error {
	if !(wrapFactor >= 0 && wrapFactor <= maxWrapFactor) {
		return fmt.Errorf("wrap factor must lie between 0 and %d, got %g", maxWrapFactor, wrapFactor)
	}
	if !(length < coarseLength) {
		return nil
	}
	side := min(shape[0], shape[1])
	size, strip := patchPixels(max(1, length/patchLength), wrapFactor)
	if size >= side {
		return &PatchError{Length: length, Size: size, Side: side}
	}
	if 2*strip > side {
		return &StripError{Length: length, WrapFactor: wrapFactor, Strip: strip, Side: side}
	}
	return nil
}

// New prepares fields of a shape, height and width, and a length, in pixels. Pixels have variance 1 on average. A strip is
// wrapFactor times 0.8 patch sizes wide; 0 copies no strips. Errors are those of Check.
func New(shape [2]int, length, wrapFactor float64) (*Patchwork, error) {
	if err := Check(shape, length, wrapFactor); err != nil {
		return nil, err
	}
	if length >= coarseLength {
		return newCoarse(shape, length), nil
	}
	base := min(patchLength, length)
	scale := length / base
	size, strip := patchPixels(scale, wrapFactor)
	p := &Patchwork{Layout: Layout{Length: length, Shape: shape, Size: [2]int{size, size}, Strip: strip}}
	covered := float64(int(coveredPart * patchPoints * scale))
	p.Patches = int(patchOverlap * float64(shape[0]) / covered * float64(shape[1]) / covered)
	root, rank := upscaledRoot(patchPoints, size, base/patchPoints)
	for y := range size {
		r := float64(y)/float64(size-1) - 0.5
		for i := range rank {
			root[y*rank+i] *= math.Exp(-envelopeDecay * r * r)
		}
	}
	p.rank = [2]int{rank, rank}
	p.rows = single(root, p.norm(root, shape[0]))
	p.cols = single(root, p.norm(root, shape[1]))
	l := base / patchPoints // of the patch's side
	p.EffectiveLength = l * float64(size-1) / math.Sqrt(1+envelopeDecay*l*l)
	return p, nil
}

// patchPixels returns the size of a patch that is interpolated by a factor, and the width of the strips.
func patchPixels(scale, wrapFactor float64) (size, strip int) {
	return int(patchPoints * scale), int(wrapFactor*stripPart*patchPoints*scale + 0.5)
}

// norm is what the root along an axis of n pixels is multiplied by: each of the patches spreads the squares of its root
// over one period.
func (p *Patchwork) norm(root []float64, n int) float64 {
	sum := 0.0
	for _, v := range root {
		sum += v * v
	}
	return math.Sqrt(float64(n-p.Strip) / sum / math.Sqrt(float64(p.Patches)))
}

// newCoarse prepares a field that is one interpolated grid. A side that is no multiple of 8 is cut from a longer one.
func newCoarse(shape [2]int, length float64) *Patchwork {
	p := &Patchwork{Layout: Layout{Length: length, Shape: shape, Patches: 1, Size: shape}}
	roots := [2][]float32{}
	for i, n := range shape {
		points := (n + coarseFactor - 1) / coarseFactor
		fine := points * coarseFactor
		root, rank := upscaledRoot(points, fine, length/float64(fine))
		p.rank[i] = rank
		roots[i] = single(root[:n*rank], 1)
		p.EffectiveLength = length * float64(fine-1) / float64(fine)
	}
	p.rows, p.cols = roots[0], roots[1]
	return p
}

// single returns factor·a.
func single(a []float64, factor float64) []float32 {
	out := make([]float32, len(a))
	for i, v := range a {
		out[i] = float32(factor * v)
	}
	return out
}
