package patchwork

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"backdrop/lib/rng"
)

// Scratch is what drawing one field needs for itself.
type Scratch struct {
	stream rng.Stream
	normal *rand.Rand
	z      []float32 // the normals, [rank, rank]
	half   []float32 // the normals expanded along the rows, [rank, width]
	patch  []float32
}

// NewScratch returns a Scratch that grows as it is used.
func NewScratch() *Scratch {
	s := new(Scratch)
	s.normal = rand.New(&s.stream)
	return s
}

// Draw writes the field of a sample at a scale to dst, [height, width]. A patch has a random stream of its own: first its
// place, then its normals.
func (p *Patchwork) Draw(dst []float32, seed, sample, scale uint64, s *Scratch) {
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
func (p *Patchwork) drawPatch(s *Scratch) []float32 {
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

// Memory returns the bytes that a Patchwork holds, and what drawing a field with it takes besides the field.
func (p *Patchwork) Memory() (held, each float64) {
	held = 4 * float64(len(p.rows)+len(p.cols))
	return held, 4 * (float64(p.rank[0])*float64(p.rank[1]+p.Size[1]) + float64(p.Size[0])*float64(p.Size[1]))
}
