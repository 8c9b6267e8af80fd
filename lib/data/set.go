package data

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// A Set is the samples of a source that a run trains on, or validates on.
type Set struct {
	Table      Table
	Numbers    []int       // of the samples in the source; nil: all
	Target     Target      // what is to be learned of their labels
	Attributes []float64   // a number beside the label of each sample of the source, for losses that look at one; nil: none
	Shapes     []net.Shape // of each sample of the source; nil: all have that of Options
	Groups     []int       // of each sample of the source, from 0; those of one group stay together in Split and Fold; nil: each is free
}

// All is all samples of a source, to tell all classes apart.
func All(s Table) *Set { return &Set{Table: s} }

// Number is the number, in the source, of sample i of the set.
func (s *Set) Number(i int) int {
	if s.Numbers == nil {
		return i
	}
	return s.Numbers[i]
}

// Len is the number of samples.
func (s *Set) Len() int {
	if s.Numbers == nil {
		return s.Table.Len()
	}
	return len(s.Numbers)
}

// Sample is Table.Sample of sample i of the set.
func (s *Set) Sample(i int) pixels.Source { return s.Table.Sample(s.Number(i)) }

// Shape is the shape of sample i of the set, where all have the given one if there are no Shapes.
func (s *Set) Shape(i int, all net.Shape) net.Shape {
	if s.Shapes == nil {
		return all
	}
	return s.Shapes[s.Number(i)]
}

// Largest is the largest extent of the samples along each axis, where all have the given shape if there are no Shapes.
func (s *Set) Largest(all net.Shape) net.Shape {
	for i := range s.Len() {
		shape := s.Shape(i, all)
		if i == 0 {
			all = shape
		}
		all = all.Max(shape)
	}
	return all
}

// Label is the label of sample i of the set as the loss sees it.
func (s *Set) Label(i int) int { return s.Target.Of(s.Table.Label(s.Number(i))) }

// Attribute is the attribute of sample i of the set, if there are any.
func (s *Set) Attribute(i int) float64 { return s.Attributes[s.Number(i)] }

// InPlace is Table.InPlace.
func (s *Set) InPlace() bool { return s.Table.InPlace() }
