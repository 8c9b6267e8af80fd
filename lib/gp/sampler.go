package gp

import (
	"math"
	"math/rand/v2"
	"sync"

	"backdrop/lib/rng"
)

// A Sampler draws the samples of a Spec. Its methods may be called from several goroutines at once.
type Sampler struct {
	spec          Spec
	rows, cols    *axis
	height, width [][]spectrum // of the scale's lengths, along each axis

	mu   sync.Mutex
	free []*scratch // as many as were ever used at once
}

// NewSampler checks the Spec, which must not be changed afterwards, and computes the spectra.
func NewSampler(spec Spec) (*Sampler, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	s := &Sampler{spec: spec}
	s.height, s.rows = newSpectra(spec.Shape[0], spec.Scales)
	s.width, s.cols = newSpectra(spec.Shape[1], spec.Scales)
	return s, nil
}

// newSpectra returns the spectra of all lengths on a ring of n points and an axis with room for the widest.
func newSpectra(n int, scales [][]float64) ([][]spectrum, *axis) {
	out := make([][]spectrum, len(scales))
	modes := 0
	for j, lengths := range scales {
		for _, l := range lengths {
			s := newSpectrum(n, l)
			out[j] = append(out[j], s)
			modes = max(modes, s.modes)
		}
	}
	return out, newAxis(n, modes)
}

// scratch is what one Draw needs for itself.
type scratch struct {
	stream  rng.Stream
	normal  *rand.Rand
	field   []float64 // coefficients of one field, in the order of modes
	sum     []float32 // coefficients of the sample, rows and columns in the groups of their axes
	halfway []float32 // the sample expanded along its rows only
	tile    *tile
}

func (s *Sampler) newScratch() *scratch {
	sc := &scratch{
		field:   make([]float64, s.rows.modes*s.cols.modes),
		sum:     make([]float32, s.rows.modes*s.cols.modes),
		halfway: make([]float32, s.rows.modes*s.cols.n),
		tile:    newTile(),
	}
	sc.normal = rand.New(&sc.stream)
	return sc
}

func (s *Sampler) take() *scratch {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		sc := s.free[n-1]
		s.free = s.free[:n-1]
		return sc
	}
	return s.newScratch()
}

func (s *Sampler) give(sc *scratch) {
	s.mu.Lock()
	s.free = append(s.free, sc)
	s.mu.Unlock()
}

// Draw writes sample i, which has height·width values.
//
// Fields are standardised and added as coefficients, where both are exact and cheap, because the basis is orthogonal:
// the mean of a field is its constant mode and its mean square the sum of its squared coefficients (Parseval).
func (s *Sampler) Draw(i int, dst []float32) {
	if i < 0 {
		panic("gp: negative sample number")
	}
	if len(dst) != s.rows.n*s.cols.n {
		panic("gp: length mismatch")
	}
	sc := s.take()
	defer s.give(sc)
	clear(sc.sum)
	var rows, cols int
	class := s.spec.Class(i)
	for j, lengths := range s.spec.Scales {
		choice := class % len(lengths)
		class /= len(lengths)
		h, w := &s.height[j][choice], &s.width[j][choice]
		field := sc.field[:h.modes*w.modes]
		sc.draw(field, s.spec.Seed, uint64(i), uint64(j), h, w)
		square := standardise(field)
		s.add(sc.sum, field, w.modes, s.spec.Power[j]/math.Sqrt(square))
		rows, cols = max(rows, h.modes), max(cols, w.modes)
	}
	s.expand(dst, sc, rows, cols)
}

// draw fills field[rows, cols] with the coefficients of a Gaussian field. Every row of modes has a stream of normals of
// its own, used from low to high frequency, so that a mode's normal does not depend on how many modes there are.
func (sc *scratch) draw(field []float64, seed, sample, scale uint64, h, w *spectrum) {
	for y := range h.modes {
		sc.stream.Set(seed, rng.Field, sample, scale, uint64(y))
		a := h.amplitude[frequency(y)]
		for x := range w.modes {
			field[y*w.modes+x] = sc.normal.NormFloat64() * a * w.amplitude[frequency(x)]
		}
	}
}

// standardise takes the mean out of a field given as coefficients and returns the variance that is left.
func standardise(field []float64) float64 {
	field[0] = 0
	sum := 0.0
	for _, v := range field {
		sum += float64(v * v) // the conversion keeps the compiler from fusing, which some processors cannot
	}
	return sum
}

// add adds factor·field to the coefficients of the sample.
func (s *Sampler) add(sum []float32, field []float64, cols int, factor float64) {
	for y := range len(field) / cols {
		row := sum[s.rows.column[y]*s.cols.modes:]
		for x, v := range field[y*cols:][:cols] {
			row[s.cols.column[x]] += float32(v * factor)
		}
	}
}

// expand turns the lowest rows×cols coefficients in sc.sum into values: f = Bᵀ Z B, one axis after the other.
func (s *Sampler) expand(dst []float32, sc *scratch, rows, cols int) {
	s.cols.expandLast(sc.halfway, sc.sum, s.rows.modes, cols, sc.tile)
	s.rows.expandFirst(dst, sc.halfway, s.cols.n, rows, sc.tile)
}
