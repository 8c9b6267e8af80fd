package gp

import (
	"math"

	"backdrop/lib/dims"
	"backdrop/lib/parallel"
)

// A field is all there is to know of one length of a scale before anything is drawn: modes and their standard deviations.
//
// The covariance matrix on a torus is circulant in every dimension, so the products of discrete cosines and sines are
// its eigenvectors, and a field is a sum of them with independent normal coefficients whose variances are the eigenvalues
// (C. R. Dietrich, G. N. Newsam, "Fast and Exact Simulation of Stationary Gaussian Processes through Circulant Embedding
// of the Covariance Matrix", SIAM J. Sci. Comput. 18, 1997, 1088–1107, https://doi.org/10.1137/S1064827592240555). An
// eigenvector of mean square 1 has the number of points as its squared norm, so the variance of its coefficient is the
// eigenvalue divided by the number of points.
type field struct {
	periods, modes []int
	leading        [][]float64 // of a separable kernel: deviations by frequency along all axes but the last
	trailing       []float64   // along the last
	table          []float64   // of other kernels: deviations by frequencies along all axes, up to half of each period
	stored         bool        // the table lies in a Store instead,
	place          int64       // from this byte on
}

// newField returns the field of length l. Its periods are the sizes of the torus, or for a window so long that the covariance
// within the window is that of open space.
func newField(s *Spec, l Length) (*field, error) {
	f, eigenvalues, err := begunField(s, l)
	if err != nil || f.modes != nil {
		return f, err
	}
	if eigenvalues == nil {
		eigenvalues = s.Kernel.eigenvalues(s.Shape, l.Along(len(s.Shape)))
	}
	f.deviations(eigenvalues)
	f.modes, f.table = f.periods, eigenvalues
	return f, nil
}

// storedField is newField with a table that lies in a Store, from a byte on.
func storedField(s *Spec, l Length, o *outside, at int64) (*field, error) {
	f, eigenvalues, err := begunField(s, l)
	if err != nil || f.modes != nil {
		return f, err
	}
	f.modes, f.stored, f.place = f.periods, true, at
	if eigenvalues != nil {
		f.deviations(eigenvalues)
		write(o, eigenvalues, at)
		return f, o.failed()
	}
	spectrum := s.Kernel.spectrum(s.Shape, l.Along(len(s.Shape)))
	rows, width := spectrum.size()
	free := &freeList[[]float64]{make: func() []float64 { return make([]float64, width) }}
	parallel.All(rows, func(r int) {
		row := free.take()
		defer free.give(row)
		spectrum.row(row, r)
		f.deviations(row)
		write(o, row, at+8*int64(r)*int64(width))
	})
	return f, o.failed()
}

// tableSize is the number of bytes of the table in a Store.
func (f *field) tableSize() int64 {
	if !f.stored {
		return 0
	}
	return 8 * int64(dims.Count(halves(f.periods)))
}

// deviations turns eigenvalues into the deviations of modes.
func (f *field) deviations(eigenvalues []float64) {
	points := float64(dims.Count(f.periods))
	for p, v := range eigenvalues {
		eigenvalues[p] = math.Sqrt(v / points)
	}
}

// begunField returns a field that is complete, or, if it has no modes, one that needs a table of deviations: of eigenvalues of
// the kernel on its torus, if there are none yet.
func begunField(s *Spec, l Length) (f *field, eigenvalues []float64, err error) {
	lengths := l.Along(len(s.Shape))
	f = &field{periods: s.Shape}
	if relative, ok := s.Kernel.separable(); ok {
		if s.Open {
			f.periods = farPeriods(s.Kernel, s.Shape, lengths)
		}
		f.separable(relative, lengths)
		return f, nil, nil
	}
	if s.Open {
		f.periods, eigenvalues, err = embed(s, l)
	}
	return f, eigenvalues, err
}

// separable fills in a squared exponential, whose length is relative to the lengths along the axes: it is a product over the
// axes, and so is its spectrum.
func (f *field) separable(relative float64, lengths []float64) {
	for i, n := range f.periods {
		modes, amplitude := gaussianSpectrum(n, relative*lengths[i])
		f.modes = append(f.modes, modes)
		f.leading = append(f.leading, amplitude)
	}
	last := len(f.leading) - 1
	f.leading, f.trailing = f.leading[:last], f.leading[last]
}

// row returns the deviations of a row of modes by frequency along the last axis, and their common factor. The row is given by
// the numbers of its modes along the other axes.
func (f *field) row(modes []int) (factor float64, deviations []float64) {
	if f.table == nil {
		factor = 1
		for i, m := range modes {
			factor *= f.leading[i][frequency(m)]
		}
		return factor, f.trailing
	}
	at := 0
	for i, m := range modes {
		at = at*(f.periods[i]/2+1) + frequency(m)
	}
	size := f.periods[len(modes)]/2 + 1
	return 1, f.table[at*size:][:size]
}

// rowOutside is row for a field whose table may lie in a Store; it is then read into buffer.
func (f *field) rowOutside(modes []int, buffer []float64, o *outside) (factor float64, deviations []float64) {
	if !f.stored {
		return f.row(modes)
	}
	at := 0
	for i, m := range modes {
		at = at*(f.periods[i]/2+1) + frequency(m)
	}
	size := f.periods[len(modes)]/2 + 1
	deviations = buffer[:size]
	read(o, deviations, f.place+8*int64(at)*int64(size))
	return 1, deviations
}
