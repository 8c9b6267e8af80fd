package gp

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"backdrop/lib/rng"
)

// A Patchwork tells how fields of one length are put together by the first generator of such textures (S. Golkar, K.
// Cranmer, "Multi-scale Gaussian process dataset", 2018, https://doi.org/10.5281/zenodo.1252464; the program is
// GP_create.py of github.com/golkar/backdrop), which Spec.Patches asks for.
//
// Lengths below 50 px: small fields of squared-exponential covariance, each under the envelope exp(-23 r²), r in patch
// sizes from its centre, are added at random places. A patch is drawn on 50×50 points with a length of 8 points, or of
// ℓ if that is less, and interpolated with cubic splines by the factor ℓ/8. There are 6 for every area of
// (0.6 patch sizes)². The places leave the edges thin; the last strip of rows, 1.246·0.8 patch sizes wide, is added to
// the first and copied back, and the same with columns. That makes the strip as wide as a patch, and the whole a field
// of period "size less strip" which is shown a little longer than one period: not a torus of the size itself.
//
// Lengths from 50 px: one field on a grid of an eighth of the points, interpolated with cubic splines, with open edges.
//
// A field of patches is not Gaussian: about one patch covers each point, so that the variance changes from place to
// place and the kurtosis is 4.3 instead of 3. Nor has it the length that was asked for: its expected covariance is the
// patch's, exp(-r²/2l²), times that of the envelope, exp(-23 r²/2S²) for patches of S px.
type Patchwork struct {
	Length          float64 `json:"length"`    // nominal, in pixels
	EffectiveLength float64 `json:"effective"` // that of the expected covariance, in pixels: 0.793 of the nominal one from 8 to 50
	Shape           [2]int  `json:"shape"`     // of the field, in pixels
	Patches         int     `json:"patches"`   // how many are added up
	Size            [2]int  `json:"size"`      // of a patch, in pixels
	Strip           int     `json:"strip"`     // rows, and columns, that are copied from one edge to the other
	// Low and High are the least and the greatest variance of a pixel over random places and patches, relative to
	// the mean: the edges are thin where the strip is too narrow, and doubled where it is too wide.
	Low  float64 `json:"least_variance"`
	High float64 `json:"greatest_variance"`
}

// A patchwork draws the fields.
//
// A patch is A Z Aᵀ with a matrix Z of standard normals: both the covariance and the interpolation are separable, so
// that a root A of the covariance along one axis, interpolated and under the envelope, is all that is needed, once for
// all patches.
type patchwork struct {
	Patchwork
	rows, cols []float32 // [Size[i], rank[i]]: the roots along the axes
	rank       [2]int
}

// DefaultWrapFactor is the one that was found by hand for uniform fields.
const DefaultWrapFactor = 1.246

// UniformWithin bounds what Low and High of a uniform patchwork may differ from 1. The width of a strip is rounded, and
// a patch's size is cut: the pixel more that this can make adds 14 % to the variance there.
const UniformWithin = 0.15

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

// DescribePatchwork tells how a field of the given shape, height and width, is put together, and how uniform it is. A
// wrapFactor of 0 copies no strips.
func DescribePatchwork(shape [2]int, length, wrapFactor float64) (Patchwork, error) {
	p, err := newPatchwork(shape, length, wrapFactor)
	if err != nil {
		return Patchwork{}, err
	}
	p.Low, p.High = 1, 1
	for i, n := range shape {
		low, high := p.profile([][]float32{p.rows, p.cols}[i], p.rank[i], n)
		p.Low *= low
		p.High *= high
	}
	return p.Patchwork, nil
}

// newPatchwork prepares fields, whose pixels have variance 1 on average, and leaves out what it takes to know how
// uniform they are.
func newPatchwork(shape [2]int, length, wrapFactor float64) (*patchwork, error) {
	if err := checkPatchwork(shape, length, wrapFactor); err != nil {
		return nil, err
	}
	if length >= coarseLength {
		return newCoarse(shape, length), nil
	}
	base := min(patchLength, length)
	scale := length / base
	size, strip := patchPixels(scale, wrapFactor)
	p := &patchwork{Patchwork: Patchwork{Length: length, Shape: shape, Size: [2]int{size, size}, Strip: strip}}
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

// checkPatchwork says what is wrong with the arguments of newPatchwork.
func checkPatchwork(shape [2]int, length, wrapFactor float64) error {
	if !(wrapFactor >= 0 && wrapFactor <= maxWrapFactor) {
		return fmt.Errorf("wrap factor must lie between 0 and %d, got %g", maxWrapFactor, wrapFactor)
	}
	if !(length < coarseLength) {
		return nil
	}
	side := min(shape[0], shape[1])
	size, strip := patchPixels(max(1, length/patchLength), wrapFactor)
	if size >= side {
		return fmt.Errorf("length %g takes patches of %d px, too large for a side of %d; try a larger size or --method exact", length, size, side)
	}
	if 2*strip > side {
		return fmt.Errorf("length %g with wrap factor %g takes strips of %d px, too wide for a side of %d; try a larger size or a smaller factor", length, wrapFactor, strip, side)
	}
	return nil
}

// patchPixels returns the size of a patch that is interpolated by a factor, and the width of the strips.
func patchPixels(scale, wrapFactor float64) (size, strip int) {
	return int(patchPoints * scale), int(wrapFactor*stripPart*patchPoints*scale + 0.5)
}

// norm is what the root along an axis of n pixels is multiplied by: each of the patches spreads the squares of its root
// over one period.
func (p *patchwork) norm(root []float64, n int) float64 {
	sum := 0.0
	for _, v := range root {
		sum += v * v
	}
	return math.Sqrt(float64(n-p.Strip) / sum / math.Sqrt(float64(p.Patches)))
}

// newCoarse prepares a field that is one interpolated grid. A side that is no multiple of 8 is cut from a longer one.
func newCoarse(shape [2]int, length float64) *patchwork {
	p := &patchwork{Patchwork: Patchwork{Length: length, Shape: shape, Patches: 1, Size: shape}}
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

// profile returns the least and the greatest variance along an axis of n pixels, relative to the mean, over all
// places of a patch with the given root.
func (p *patchwork) profile(root []float32, rank, n int) (low, high float64) {
	size := len(root) / rank
	line := func(y int) []float32 { // of a patch
		if y < 0 || y >= size {
			return nil
		}
		return root[y*rank:][:rank]
	}
	variance := make([]float64, n)
	for y := range variance {
		here, there := y, -1 // the pixels that wrap adds up
		if y >= n-p.Strip {
			here = y - (n - p.Strip)
		}
		if here < p.Strip {
			there = here + n - p.Strip
		}
		for at := range max(1, n-size) {
			a, b := line(here-at), line(there-at)
			if a == nil {
				a, b = b, a
			}
			for i, v := range a {
				if b != nil {
					v += b[i]
				}
				variance[y] += float64(v) * float64(v)
			}
		}
	}
	return spread(variance)
}

// spread returns the least and the greatest of v, relative to the mean.
func spread(v []float64) (low, high float64) {
	low, high = math.Inf(1), 0
	mean := 0.0
	for _, x := range v {
		low, high = min(low, x), max(high, x)
		mean += x / float64(len(v))
	}
	return low / mean, high / mean
}

// single returns factor·a.
func single(a []float64, factor float64) []float32 {
	out := make([]float32, len(a))
	for i, v := range a {
		out[i] = float32(factor * v)
	}
	return out
}

// patchScratch is what drawing one field needs for itself.
type patchScratch struct {
	stream rng.Stream
	normal *rand.Rand
	z      []float32 // the normals, [rank, rank]
	half   []float32 // the normals expanded along the rows, [rank, width]
	patch  []float32
}

func newPatchScratch() *patchScratch {
	s := new(patchScratch)
	s.normal = rand.New(&s.stream)
	return s
}

// draw writes a field, [height, width]. A patch has a random stream of its own: first its place, then its normals.
func (p *patchwork) draw(dst []float32, seed, sample, scale uint64, s *patchScratch) {
	clear(dst)
	height, width := p.Shape[0], p.Shape[1]
	for i := range p.Patches {
		s.stream.Set(seed, rng.Patch, sample, scale, uint64(i))
		y, x := 0, 0
		if p.Patches > 1 {
			y, x = s.normal.IntN(height-p.Size[0]), s.normal.IntN(width-p.Size[1])
		}
		patch := p.drawPatch(s)
		for r := range p.Size[0] {
			row := dst[(y+r)*width+x:][:p.Size[1]]
			for c, v := range patch[r*p.Size[1]:][:p.Size[1]] {
				row[c] += v
			}
		}
	}
	wrap(dst, height, width, p.Strip)
}

// drawPatch returns one patch, [Size], which the next call overwrites.
func (p *patchwork) drawPatch(s *patchScratch) []float32 {
	s.z = resize(s.z, p.rank[0]*p.rank[1])
	for i := range s.z {
		s.z[i] = float32(s.normal.NormFloat64())
	}
	s.half = resize(s.half, p.rank[0]*p.Size[1])
	s.patch = resize(s.patch, p.Size[0]*p.Size[1])
	z := rowMajor(s.z, p.rank[0], p.rank[1])
	half := rowMajor(s.half, p.rank[0], p.Size[1])
	blas32.Gemm(blas.NoTrans, blas.Trans, 1, z, rowMajor(p.cols, p.Size[1], p.rank[1]), 0, half)
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, rowMajor(p.rows, p.Size[0], p.rank[0]), half, 0, rowMajor(s.patch, p.Size[0], p.Size[1]))
	return s.patch
}

func rowMajor(a []float32, rows, cols int) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: a}
}

func resize(a []float32, n int) []float32 {
	if cap(a) < n {
		return make([]float32, n)
	}
	return a[:n]
}

// wrap adds the last strip of rows to the first and copies it back, then does the same with columns.
func wrap(f []float32, height, width, strip int) {
	for i := range strip * width {
		far := (height-strip)*width + i
		f[i] += f[far]
		f[far] = f[i]
	}
	for y := range height {
		row := f[y*width:][:width]
		for i := range strip {
			far := width - strip + i
			row[i] += row[far]
			row[far] = row[i]
		}
	}
}
