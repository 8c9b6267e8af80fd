package gp

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"backdrop/lib/machine"
)

// available is the memory that there is to draw in, in bytes, and whose bound that is, as a format; tests have less.
var available = machine.Memory

// fits reports whether there is so much memory.
func fits(need float64) bool {
	have, _ := available()
	return need <= float64(have)
}

// needs says that there is not.
func needs(need float64) string {
	have, whose := available()
	return fmt.Sprintf("%s of memory, %s", bytesText(need), fmt.Sprintf(whose, bytesText(float64(have))))
}

// validateMemory refuses what there is no memory to draw one sample of.
func (s *Spec) validateMemory() error {
	need := 4 * size(s.Shape)
	if fits(need) {
		need = s.Memory()
	}
	if !fits(need) {
		return fmt.Errorf("drawing %s pixels needs %s; try a smaller size", sizeText(s.Shape), needs(need))
	}
	return nil
}

// Memory bounds the bytes that drawing one sample takes, its values among them, where an embedding need not be larger
// than the field itself: NewSampler tries.
func (s *Spec) Memory() float64 {
	need := 0.0
	for _, lengths := range s.Scales {
		for _, l := range lengths {
			periods := s.Shape
			if s.Open && s.Kernel == SE {
				periods = farPeriods(SE, s.Shape, l.each(len(s.Shape)))
			}
			need = max(need, s.memory(periods))
		}
	}
	return need
}

// memory bounds the bytes that drawing one sample takes when all fields have these periods, in floating point because
// the sizes may be absurd: values, coefficients of a field and of the sample, what is expanded along some axes only, and
// the tables of the axes and of the spectra.
func (s *Spec) memory(periods []int) float64 {
	values, coefficients, halves, axes := size(s.Shape), 1.0, 1.0, 0.0
	halfway, rest := 0.0, values
	shortest := s.shortest()
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
		if s.Kernel == SE {
			modes = min(period, 2*maxDeviations*period/(2*math.Pi*shortest[i])+3)
		}
		coefficients *= modes
		rest /= float64(n)
		halves *= period/2 + 1
		axes += axisMemory(n, periods[i], int(modes))
	}
	fields := 1.0 // a value's
	if s.byValue() && len(s.Scales) > 1 {
		fields = 2
	}
	tables := 0.0
	if s.Kernel != SE {
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
				out[i] = min(out[i], l.each(len(s.Shape))[i])
			}
		}
	}
	return out
}

// size is the number of points, in floating point because sizes may be absurd.
func size(sizes []int) float64 {
	out := 1.0
	for _, n := range sizes {
		out *= float64(n)
	}
	return out
}

func sizeText(sizes []int) string {
	var parts []string
	for _, n := range sizes {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, "x")
}

func bytesText(n float64) string {
	const unit = "kMGTPEZY"
	i := 0
	for n /= 1000; n >= 999.5 && i < len(unit)-1; i++ {
		n /= 1000
	}
	return fmt.Sprintf("%.3g %cB", n, unit[i])
}

// Memory bounds the bytes that the sampler holds, drawing on that many threads: what all draws share, and what each of those
// that go on at the same time needs for itself besides its result.
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
			shared += 4 * float64(len(p.rows)+len(p.cols))
			each = max(each, 4*(float64(p.rank[0])*float64(p.rank[1]+p.Size[1])+float64(p.Size[0])*float64(p.Size[1])))
		}
	}
	n := s.scratchSizes()
	return shared, each + 4*float64(n.field+n.sum+n.buffer+n.values) + 8*float64(n.squares)
}
