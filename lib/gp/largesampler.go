package gp

import "backdrop/lib/dims"

// large is what a Sampler has for samples that are drawn by way of a Store.
type large struct {
	outside
	tables  int64 // bytes of the tables in the Store
	room    int   // values that panels may take
	memory  []float32
	squares []float64
}

// NewLargeSampler returns a Sampler for DrawRows, which holds little of a sample in memory: the rest lies in a Store, and so do
// the tables of spectra that are not separable. The Spec has two or three axes and is not one of patches.
func NewLargeSampler(spec Spec, store Store) (*Sampler, error) {
	if len(spec.Shape) < 2 || spec.Patches {
		panic("gp: no sample to be drawn in rows")
	}
	spec.large = true
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	s, err := newSampler(spec, store)
	if err == nil {
		s.room = most
	}
	return s, err
}

// newField returns the field of a length.
func (s *Sampler) newField(l Length) (*field, error) {
	if s.store == nil {
		return newField(&s.spec, l)
	}
	f, err := storedField(&s.spec, l, &s.outside, s.tables)
	if err == nil {
		s.tables += f.tableSize()
	}
	return f, err
}

// Fit sets how many threads are used and how much is held in memory, so that drawing a sample by rows takes no more bytes than
// there are if it can be done with them. It returns what it takes: in memory, and in the Store.
func (s *Sampler) Fit(threads int, have float64) (memory float64, store int64) {
	for s.Threads = threads; ; s.Threads = (s.Threads + 1) / 2 {
		for s.room = most; s.room >= least; s.room /= 2 {
			if memory = s.largeMemory(); memory <= have || s.Threads == 1 && s.room == least {
				return memory, s.storeSize()
			}
		}
	}
}

// largeSizes are the lengths of the arrays that DrawRows needs.
func (s *Sampler) largeSizes() (values, squares int) {
	fields := 1
	if s.spec.byValue() {
		fields = len(s.fields)
	}
	widest, block := 0, 0
	for j, plans := range s.plans {
		for c, p := range plans {
			l := s.layout(p)
			values = max(values, l.values(p.shape, p.modes, fields, s.Threads))
			widest, block = max(widest, l.width), l.block
			f := s.fields[j][c]
			squares = max(squares, dims.Count(f.modes[:len(f.modes)-1]))
		}
	}
	values = max(values, block*(2*fields*dims.Count(s.spec.Shape[1:])+s.Threads*widest))
	switch {
	case s.spec.Raw:
		squares = 0
	case s.spec.byValue():
		squares = 2 * s.rows()
	}
	return values, squares
}

// largeMemory bounds the bytes that DrawRows holds, with tables of one kind at a time.
func (s *Sampler) largeMemory() float64 {
	values, squares := s.largeSizes()
	need := 0.0
	seen := map[*plan]bool{}
	for _, plans := range s.plans {
		for _, p := range plans {
			if !seen[p] {
				seen[p] = true
				need = max(need, p.tables(s.Threads))
			}
		}
	}
	for _, fields := range s.fields {
		for _, f := range fields {
			need += 8 * float64(len(f.trailing)) // and the leading ones, of the same size
			for _, l := range f.leading {
				need += 8 * float64(len(l))
			}
			if f.stored {
				need += 8 * float64(s.Threads*f.periods[len(f.periods)-1])
			}
		}
	}
	return need + 4*float64(values) + 8*float64(squares)
}

// tables bounds the bytes of the tables of a plan when the first axis is expanded, and before that the others.
func (p *plan) tables(threads int) float64 {
	sides := [2]float64{}
	for i, a := range p.axes {
		tables, work := a.memory()
		sides[min(i, 1)] += tables/2 + float64(threads)*work + 16*float64(a.ring())
	}
	return max(sides[0], sides[1])
}

// storeSize is the number of bytes that lie in the Store.
func (s *Sampler) storeSize() int64 {
	size := s.tables
	for j, plans := range s.plans {
		values := 0
		for _, p := range plans {
			values = max(values, s.layout(p).size())
		}
		if j == 0 || s.spec.byValue() {
			size += 4 * int64(values)
		}
	}
	return size
}
