package gp

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"backdrop/lib/bytesize"
	"backdrop/lib/dims"
	"backdrop/lib/machine"
)

// fits reports whether there is that much memory.
func fits(need float64) bool { return machine.Fits("", need) == nil }

// validateMemory refuses what there is no memory to draw one sample of, with a *machine.Shortage, and with a *DiskShortage
// what there is no room for in a Store either.
func (s *Spec) validateMemory() error {
	need := 4 * dims.CountFloat(s.Shape)
	if fits(need) {
		need = s.Memory()
	}
	what := fmt.Sprintf("drawing %s pixels", dims.Text(s.Shape))
	err := machine.Fits(what, need)
	if err == nil || !s.Large() {
		return err
	}
	memory, disk := 0.0, 0.0
	for _, lengths := range s.Scales {
		for _, l := range lengths {
			periods := s.leastPeriods(l)
			memory, disk = max(memory, s.largeMemory(periods)), max(disk, s.largeDisk(periods))
		}
	}
	var shortage *machine.Shortage
	switch {
	case errors.As(err, &shortage) && disk > s.Disk:
		return &DiskShortage{Shortage: shortage, Need: disk, Have: s.Disk}
	case memory < need:
		return machine.Fits(what, memory)
	}
	return err
}

// A DiskShortage says that there is neither the memory for a sample nor the room for it in a Store.
type DiskShortage struct {
	*machine.Shortage
	Need, Have float64 // in bytes
}

// Error says what is needed and what there is.
func (d *DiskShortage) Error() string {
	return fmt.Sprintf("%v, or %s in a temporary file, where there is room for %s", d.Shortage, bytesize.Format(d.Need), bytesize.Format(d.Have))
}

// Unwrap returns the *machine.Shortage.
func (d *DiskShortage) Unwrap() error { return d.Shortage }

// Large reports whether a sample may be drawn by way of a Store: an image or a volume that is not small.
func (s *Spec) Large() bool {
	const small = 1 << 20
	return s.Disk > 0 && len(s.Shape) > 1 && !s.Patches && dims.CountFloat(s.Shape) >= small
}

// Memory bounds the bytes that drawing one sample in memory takes, its values included, if no embedding is larger than the
// field itself. NewSampler finds out how large embeddings must be.
func (s *Spec) Memory() float64 { return s.largest(s.leastPeriods, s.memory) }

// LikelyMemory is Memory with embeddings of twice the field, which most lengths need.
func (s *Spec) LikelyMemory() float64 {
	if _, ok := s.Kernel.separable(); ok || !s.Open {
		return s.Memory()
	}
	return s.largest(func(Length) []int {
		out := slices.Clone(s.Shape)
		for i, n := range out {
			out[i] = max(1, 2*(n-1))
		}
		return out
	}, s.memory)
}

// largest returns the most that any length takes, with its periods.
func (s *Spec) largest(periods func(Length) []int, need func(periods []int) float64) (most float64) {
	for _, lengths := range s.Scales {
		for _, l := range lengths {
			most = max(most, need(periods(l)))
		}
	}
	return most
}

// leastPeriods are the periods of a field, at least those of the field itself.
func (s *Spec) leastPeriods(l Length) []int {
	if _, ok := s.Kernel.separable(); ok && s.Open {
		return farPeriods(s.Kernel, s.Shape, l.Along(len(s.Shape)))
	}
	return s.Shape
}

// largeDisk bounds the bytes that lie in a Store when all fields have these periods.
func (s *Spec) largeDisk(periods []int) float64 {
	modes := s.modes(periods)
	fields, tables := 1.0, 0.0
	if s.byValue() {
		fields = float64(len(s.Scales))
	}
	if _, ok := s.Kernel.separable(); !ok {
		tables = 8 * halvesFloat(periods) * float64(s.lengths())
	}
	return 4*fields*max(modes[0], float64(s.Shape[0]))*dims.CountFloat(s.Shape[1:]) + tables
}

// largeMemory bounds the bytes that drawing one sample by way of a Store takes when all fields have these periods, on one
// thread and with little room. It is infinite for what no Store would hold.
func (s *Spec) largeMemory(periods []int) float64 {
	if s.largeDisk(periods) > 1<<50 {
		return math.Inf(1)
	}
	modes := make([]int, len(periods))
	var sides [2]float64
	spectra := 0.0
	for i, m := range s.modes(periods) {
		modes[i] = min(int(m), periods[i])
		sides[min(i, 1)] += sideMemory(s.Shape[i], periods[i], modes[i])
		spectra += 8 * float64(modes[i]/2+1) * float64(s.lengths())
	}
	fields, squares := 1, dims.CountFloat(modes[:len(modes)-1])
	if s.byValue() {
		fields, squares = len(s.Scales), 2*dims.CountFloat(s.Shape[:len(s.Shape)-1])
	}
	need := 4*float64(newLayout(s.Shape, modes, 1, least).values(s.Shape, modes, fields, 1)) + 8*squares + max(sides[0], sides[1]) + spectra
	if _, ok := s.Kernel.separable(); !ok && s.Open {
		need = max(need, 8*halvesFloat(periods)) // the table, before it lies in the Store
	}
	return need
}

// modes bounds the number of modes along each axis, of fields with these periods.
func (s *Spec) modes(periods []int) []float64 {
	relative, separable := s.Kernel.separable()
	shortest := s.shortest()
	out := make([]float64, len(periods))
	for i, n := range periods {
		out[i] = float64(n)
		if separable {
			out[i] = min(out[i], 2*maxDeviations*out[i]/(2*math.Pi*relative*shortest[i])+3)
		}
	}
	return out
}

// lengths is the number of all lengths.
func (s *Spec) lengths() (n int) {
	for _, l := range s.Scales {
		n += len(l)
	}
	return n
}

// halvesFloat is the number of frequencies up to half of each period.
func halvesFloat(periods []int) float64 {
	n := 1.0
	for _, p := range periods {
		n *= float64(p)/2 + 1
	}
	return n
}

// memory bounds the bytes that drawing one sample takes when all fields have these periods: values, coefficients of a field
// and of the sample, what is expanded along some axes only, and the tables of the axes and of the spectra. It is a float64
// because the sizes may be absurd.
func (s *Spec) memory(periods []int) float64 {
	values, coefficients, axes := dims.CountFloat(s.Shape), 1.0, 0.0
	halfway, rest := 0.0, values
	modes := s.modes(periods)
	for i, n := range s.Shape {
		if i > 0 {
			halfway += coefficients * rest
		}
		coefficients *= modes[i]
		rest /= float64(n)
		axes += axisMemory(n, periods[i], int(modes[i]))
	}
	fields := 1.0 // whose values are in memory
	if s.byValue() && len(s.Scales) > 1 {
		fields = 2
	}
	tables := 0.0
	if _, separable := s.Kernel.separable(); !separable {
		tables = 8 * halvesFloat(periods) * float64(s.lengths())
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
