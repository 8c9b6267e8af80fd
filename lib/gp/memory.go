package gp

import (
	"fmt"
	"math"

	"backdrop/lib/dims"
	"backdrop/lib/machine"
)

// fits reports whether there is that much memory.
func fits(need float64) bool { return machine.Fits("", need) == nil }

// validateMemory refuses what there is no memory to draw one sample of, with a *machine.Shortage.
func (s *Spec) validateMemory() error {
	need := 4 * dims.CountFloat(s.Shape)
	if fits(need) {
		need = s.Memory()
	}
	return machine.Fits(fmt.Sprintf("drawing %s pixels", dims.Text(s.Shape)), need)
}

// Memory bounds the bytes that drawing one sample takes, its values included, if no embedding is larger than the field
// itself. NewSampler finds out how large embeddings must be.
func (s *Spec) Memory() float64 {
	need := 0.0
	for _, lengths := range s.Scales {
		for _, l := range lengths {
			periods := s.Shape
			if _, ok := s.Kernel.separable(); ok && s.Open {
				periods = farPeriods(s.Kernel, s.Shape, l.Along(len(s.Shape)))
			}
			need = max(need, s.memory(periods))
		}
	}
	return need
}

// memory bounds the bytes that drawing one sample takes when all fields have these periods: values, coefficients of a field
// and of the sample, what is expanded along some axes only, and the tables of the axes and of the spectra. It is a float64
// because the sizes may be absurd.
func (s *Spec) memory(periods []int) float64 {
	values, coefficients, halves, axes := dims.CountFloat(s.Shape), 1.0, 1.0, 0.0
	halfway, rest := 0.0, values
	shortest := s.shortest()
	relative, separable := s.Kernel.separable()
	lengths := 0
	for _, l := range s.Scales {
		lengths += len(l)
	}
	for i, n := range s.Shape {
		if i > 0 {
			halfway += coefficients * rest
		}
		period := float64(periods[i])
		modes := period
		if separable {
			modes = min(period, 2*maxDeviations*period/(2*math.Pi*relative*shortest[i])+3)
		}
		coefficients *= modes
		rest /= float64(n)
		halves *= period/2 + 1
		axes += axisMemory(n, periods[i], int(modes))
	}
	fields := 1.0 // whose values are in memory
	if s.byValue() && len(s.Scales) > 1 {
		fields = 2
	}
	tables := 0.0
	if !separable {
		tables = 8 * halves * float64(lengths)
	}
	return 4*fields*values + 4*2*coefficients + 4*halfway + axes + tables
}

// shortest returns the shortest length along each axis.
func (s *Spec) shortest() []float64 {
	out := make([]float64, len(s.Shape))
	for i := range out {
		out[i] = math.Inf(1)
		for _, lengths := range s.Scales {
			for _, l := range lengths {
				out[i] = min(out[i], l.Along(len(s.Shape))[i])
			}
		}
	}
	return out
}

// Memory bounds the bytes that the sampler holds when it draws on that many threads: those that all draws share, and those
// that each draw at the same time needs for itself, besides its result.
func (s *Sampler) Memory(threads int) (shared, each float64) {
	for _, fields := range s.fields {
		for _, f := range fields {
			shared += 8 * float64(len(f.table)+len(f.trailing))
			for _, l := range f.leading {
				shared += 8 * float64(len(l))
			}
		}
	}
	seen := map[axis]bool{}
	for _, plans := range s.plans {
		for _, p := range plans {
			for _, a := range p.axes {
				if !seen[a] {
					seen[a] = true
					tables, work := a.memory()
					shared += tables + float64(threads)*work
				}
			}
		}
	}
	for _, patchworks := range s.patchworks {
		for _, p := range patchworks {
			held, work := p.Memory()
			shared += held
			each = max(each, work)
		}
	}
	n := s.scratchSizes()
	return shared, each + 4*float64(n.field+n.sum+n.buffer+n.values) + 8*float64(n.squares)
}
