package gp

import (
	"math"

	"backdrop/lib/dims"
	"backdrop/lib/patchwork"
)

// A Sampler draws the samples of a Spec. Its methods may be called from several goroutines at once.
type Sampler struct {
	Threads  int                // how many one Draw may use, at least 1; to be set before the first Draw
	Progress func(done float64) // if not nil, is told how much of a sample is drawn, up to 1, a call at a time

	spec   Spec
	fields [][]*field // by scale and length
	plans  [][]*plan  // of the fields; on a torus all are the same
	free   freeList[*scratch]

	patchworks [][]*patchwork.Patchwork // by scale and length, instead of fields

	large // of NewLargeSampler
}

// NewSampler checks the Spec, which must not be changed afterwards, and computes the spectra.
func NewSampler(spec Spec) (*Sampler, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	return newSampler(spec, nil)
}

// newSampler is NewSampler for a Spec that has been checked. With a Store, tables lie there.
func newSampler(spec Spec, store Store) (*Sampler, error) {
	s := &Sampler{Threads: 1, spec: spec}
	s.free.make = s.newScratch
	s.outside.store = store
	if spec.Patches {
		if err := s.newPatchworks(); err != nil {
			return nil, err
		}
		return s, nil
	}
	widest := make([]int, len(spec.Shape))
	for j, lengths := range spec.Scales {
		s.fields = append(s.fields, nil)
		for _, l := range lengths {
			f, err := s.newField(l)
			if err != nil {
				return nil, err
			}
			s.fields[j] = append(s.fields[j], f)
			for i, m := range f.modes {
				widest[i] = max(widest[i], m)
			}
		}
	}
	var shared *plan
	if !spec.Open {
		shared = newPlan(spec.Shape, spec.Shape, widest)
	}
	for j, fields := range s.fields {
		s.plans = append(s.plans, nil)
		for _, f := range fields {
			p := shared
			if p == nil {
				p = newPlan(spec.Shape, f.periods, f.modes)
			}
			s.plans[j] = append(s.plans[j], p)
		}
	}
	return s, nil
}

// scratch is what one Draw needs for itself.
type scratch struct {
	field   []float32 // coefficients of one field, in the order of modes
	squares []float64 // sums over its rows
	sum     []float32 // coefficients in the order of a plan
	buffer  []float32 // a plan's work memory
	values  []float32 // of one field
	patch   *patchwork.Scratch
}

// scratchSizes are the lengths of the slices of a scratch.
type scratchSizes struct{ field, squares, sum, buffer, values int }

func (s *Sampler) scratchSizes() (n scratchSizes) {
	rows := 0
	for j, fields := range s.fields {
		for c, f := range fields {
			p := s.plans[j][c]
			n.field, rows = max(n.field, dims.Count(f.modes)), max(rows, dims.Count(f.modes[:len(f.modes)-1]))
			n.sum, n.buffer = max(n.sum, p.coefficients()), max(n.buffer, p.buffer())
		}
	}
	if s.spec.byValue() {
		rows = max(rows, s.rows())
		if len(s.spec.Scales) > 1 {
			n.values = dims.Count(s.spec.Shape)
		}
	}
	n.squares = 2 * rows
	return n
}

func (s *Sampler) newScratch() *scratch {
	n := s.scratchSizes()
	sc := &scratch{field: make([]float32, n.field), sum: make([]float32, n.sum), buffer: make([]float32, n.buffer), squares: make([]float64, n.squares)}
	if s.spec.Patches {
		sc.patch = patchwork.NewScratch()
	}
	if n.values > 0 {
		sc.values = make([]float32, n.values)
	}
	return sc
}

// byValue reports whether fields are standardised and added up as values. On a torus without noise coefficients are used
// instead, which is exact and cheap because the basis is orthogonal: the mean of a field is its constant mode, and its mean
// square the sum of its squared coefficients (Parseval).
func (s *Spec) byValue() bool { return s.Open || s.Patches || s.Nugget > 0 }

// Draw writes sample i to dst, which has as many values as the shape has points.
func (s *Sampler) Draw(i int, dst []float32) {
	if i < 0 {
		panic("gp: negative sample number")
	}
	if len(dst) != dims.Count(s.spec.Shape) {
		panic("gp: length mismatch")
	}
	sc := s.free.take()
	defer s.free.give(sc)
	if s.spec.Patches {
		s.drawPatches(i, dst, sc)
		return
	}
	fields, plans := s.chosen(i)
	w := s.newWork(fields, plans)
	for j, f := range fields {
		p := plans[j]
		sum := sc.sum[:p.coefficients()]
		s.drawField(f, i, j, sc)
		w.add(drawTime * float64(dims.Count(f.modes)))
		if !s.spec.byValue() {
			if j == 0 {
				clear(sum)
			}
			s.add(sum, p, f, s.factor(j, f, sc), sc)
			continue
		}
		clear(sum)
		s.add(sum, p, f, 1, sc)
		values := dst
		if j > 0 {
			values = sc.values
		}
		p.expandCounting(values, sum, sc.buffer, s.Threads, w)
		s.addNoise(values, 0, i, j)
		s.addValues(dst, values, j, sc)
	}
	if !s.spec.byValue() {
		plans[0].expandCounting(dst, sc.sum, sc.buffer, s.Threads, w) // on a torus all are the same
	}
}

// chosen returns the fields of sample i and their plans, one for each scale.
func (s *Sampler) chosen(i int) (fields []*field, plans []*plan) {
	class := s.spec.Class(i)
	for j, all := range s.fields {
		choice := class % len(all)
		class /= len(all)
		fields, plans = append(fields, all[choice]), append(plans, s.plans[j][choice])
	}
	return fields, plans
}

// factor takes the mean out of the field of scale j, whose coefficients lie in the scratch, and returns what they are to be
// multiplied by.
func (s *Sampler) factor(j int, f *field, sc *scratch) float64 {
	if s.spec.Raw {
		return s.spec.Power[j]
	}
	sc.field[0] = 0
	sum := 0.0
	for _, v := range sc.squares[:dims.Count(f.modes[:len(f.modes)-1])] {
		sum += v
	}
	return s.spec.Power[j] / math.Sqrt(sum)
}
