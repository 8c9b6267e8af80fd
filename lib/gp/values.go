package gp

import (
	"math"
	"math/rand/v2"

	"backdrop/lib/dims"
	"backdrop/lib/parallel"
	"backdrop/lib/rng"
)

// normals give the random numbers of one row of a field after another.
type normals struct {
	stream rng.Stream
	normal *rand.Rand
}

// rowsPerPiece is how many rows a thread draws or adds at a time.
const rowsPerPiece = 16

// rows is the number of rows of values.
func (s *Sampler) rows() int { return dims.Count(s.spec.Shape[:len(s.spec.Shape)-1]) }

// width is the number of values of a row.
func (s *Sampler) width() int { return s.spec.Shape[len(s.spec.Shape)-1] }

// inRows calls f for parts of a job of that many rows, on as many threads as there may be.
func (s *Sampler) inRows(rows int, f func(first, last int)) {
	parallel.Do(s.Threads, (rows+rowsPerPiece-1)/rowsPerPiece, func(piece int) {
		f(piece*rowsPerPiece, min((piece+1)*rowsPerPiece, rows))
	})
}

// drawField fills the scratch with the coefficients of sample i's field at scale j, and the sums of their squares by row,
// without the constant mode. Every row of modes has a random stream of its own, whose coordinates are the row's numbers
// along all axes but the last. It is used from low to high frequency, so that a mode's normal does not depend on how many
// modes there are.
func (s *Sampler) drawField(f *field, i, j int, sc *scratch) {
	leading := f.modes[:len(f.modes)-1]
	modes := f.modes[len(leading)]
	s.inRows(dims.Count(leading), func(first, last int) {
		var n normals
		n.normal = rand.New(&n.stream)
		var at [2]int
		coords := make([]uint64, 2, 4)
		coords[0], coords[1] = uint64(i), uint64(j)
		for row := first; row < last; row++ {
			dims.SetIndex(at[:len(leading)], row, leading)
			coords = coords[:2]
			for a := range leading {
				coords = append(coords, uint64(at[a]))
			}
			n.stream.Set(s.spec.Seed, rng.Field, coords...)
			factor, deviations := f.row(at[:len(leading)])
			sc.squares[row] = n.row(sc.field[row*modes:][:modes], factor, deviations, row == 0)
		}
	})
}

// row draws the coefficients of a row of modes, of which deviations are by frequency, and returns the sum of their squares,
// without that of the constant mode, with which the first row begins.
func (n *normals) row(dst []float32, factor float64, deviations []float64, first bool) (sum float64) {
	for m := range dst {
		v := float32(n.normal.NormFloat64() * factor * deviations[frequency(m)])
		dst[m] = v
		if !first || m > 0 {
			sum += float64(float64(v) * float64(v)) // the conversion keeps the compiler from fusing, which some processors cannot
		}
	}
	return sum
}

// add adds the field in the scratch, times a factor, to the coefficients of a plan, which may have room for more modes.
func (s *Sampler) add(sum []float32, p *plan, f *field, factor float64, sc *scratch) {
	leading := f.modes[:len(f.modes)-1]
	modes := f.modes[len(leading)]
	index := p.index[len(leading)]
	s.inRows(dims.Count(leading), func(first, last int) {
		for row := first; row < last; row++ {
			to, rest, stride := 0, row, p.modes[len(leading)]
			for a := len(leading) - 1; a >= 0; a-- {
				to += p.index[a][rest%leading[a]] * stride
				rest /= leading[a]
				stride *= p.modes[a]
			}
			line := sum[to:][:p.modes[len(leading)]]
			for m, v := range sc.field[row*modes:][:modes] {
				line[index[m]] += float32(float64(v) * factor)
			}
		}
	})
}

// addNoise adds the nugget to rows of values, from one on, of sample i's field at scale j. Every row has a random stream of
// its own.
func (s *Sampler) addNoise(values []float32, from, i, j int) {
	if s.spec.Nugget == 0 {
		return
	}
	deviation := math.Sqrt(s.spec.Nugget)
	width := s.width()
	s.inRows(len(values)/width, func(first, last int) {
		var n normals
		n.normal = rand.New(&n.stream)
		for row := first; row < last; row++ {
			n.stream.Set(s.spec.Seed, rng.Nugget, uint64(i), uint64(j), uint64(from+row))
			line := values[row*width:][:width]
			for x := range line {
				line[x] += float32(n.normal.NormFloat64() * deviation)
			}
		}
	})
}

// addValues adds the values of the field of scale j, standardised unless the Spec is Raw and times its power, to dst. Those of
// the first scale lie in dst already.
func (s *Sampler) addValues(dst, values []float32, j int, sc *scratch) {
	mean, factor := 0.0, s.spec.Power[j]
	if !s.spec.Raw {
		var deviation float64
		mean, deviation = s.moments(values, sc)
		factor /= deviation
	}
	s.addScaled(dst, values, mean, factor, j == 0)
}

// addScaled adds values, less a mean and times a factor, to dst, or writes them there.
func (s *Sampler) addScaled(dst, values []float32, mean, factor float64, write bool) {
	width := s.width()
	s.inRows(len(values)/width, func(first, last int) {
		to, from := dst[first*width:last*width], values[first*width:last*width]
		if write {
			for x, v := range from {
				to[x] = float32((float64(v) - mean) * factor)
			}
			return
		}
		for x, v := range from {
			to[x] += float32((float64(v) - mean) * factor)
		}
	})
}

// moments returns the mean and the deviation of values, from sums over rows that are added in order.
func (s *Sampler) moments(values []float32, sc *scratch) (mean, deviation float64) {
	rows := s.rows()
	sums, squares := sc.squares[:rows], sc.squares[rows:2*rows]
	s.rowMoments(values, sums, squares)
	return momentsOf(sums, squares, len(values))
}

// rowMoments writes the sum of each row of values and that of its squares.
func (s *Sampler) rowMoments(values []float32, sums, squares []float64) {
	width := s.width()
	s.inRows(len(values)/width, func(first, last int) {
		for row := first; row < last; row++ {
			sum, square := 0.0, 0.0
			for _, v := range values[row*width:][:width] {
				sum += float64(v)
				square += float64(float64(v) * float64(v))
			}
			sums[row], squares[row] = sum, square
		}
	})
}

// momentsOf returns the mean and the deviation of that many values from the sums of their rows.
func momentsOf(sums, squares []float64, values int) (mean, deviation float64) {
	var sum, square float64
	for row := range sums {
		sum += sums[row]
		square += squares[row]
	}
	n := float64(values)
	mean = sum / n
	return mean, math.Sqrt(square/n - float64(mean*mean))
}
