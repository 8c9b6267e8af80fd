package resize

import (
	"sort"

	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// A Resizer resamples samples, one after the other. It is not for several goroutines at once.
type Resizer struct {
	axes [3]axis   // planes, rows, columns
	sums []float64 // of the result
	row  []float64 // of each channel: of the columns of the row that is read
	at   []lines   // of each channel
}

// lines are the planes and rows of the result that the row of the input that is read has a part in.
type lines struct{ plane, row int }

// Resize reads a sample and writes it resampled to dst, a channel after the other. from and to are the sizes of the axes besides
// channels, one to three. The sample is read once, in pieces, and need not be in memory. The result is false, and means nothing,
// if a pixels.Reading has ended that.
func (r *Resizer) Resize(dst []float32, src pixels.Source, channels int, from, to []int) bool {
	total := 1.0
	for i := range r.axes {
		if own := i - (3 - len(from)); own >= 0 {
			r.axes[i].set(from[own], to[own])
		} else {
			r.axes[i].set(1, 1)
		}
		total *= r.axes[i].total()
	}
	r.sums, r.row = zeros(r.sums, channels*dims.Count(to)), zeros(r.row, channels*r.axes[2].to)
	r.at = append(r.at[:0], make([]lines, channels)...)
	width := r.axes[2].from
	whole := pixels.Scan(src, channels, dims.Count(from), func(c, first int, values []float32) bool {
		for len(values) > 0 {
			line, x := first/width, first%width
			n := min(width-x, len(values))
			r.columns(c, x, values[:n])
			if x+n == width {
				r.line(c, line)
			}
			first, values = first+n, values[n:]
		}
		return true
	})
	for i, sum := range r.sums {
		dst[i] = float32(sum / total)
	}
	return whole
}

// Bytes is the memory that the Resizer holds.
func (r *Resizer) Bytes() int64 {
	n := 8*cap(r.sums) + 8*cap(r.row) + 16*cap(r.at)
	for i := range r.axes {
		n += 8*cap(r.axes[i].first) + 8*cap(r.axes[i].last)
	}
	return int64(n)
}

// zeros returns n zeros, in the memory of v if there is room.
func zeros(v []float64, n int) []float64 {
	if cap(v) < n {
		return make([]float64, n)
	}
	v = v[:n]
	clear(v)
	return v
}

// columns adds a piece of a row of channel c, from column x on, to the sums of its columns. Each sum is added up in the order of
// the input, whatever the pieces are.
func (r *Resizer) columns(c, x int, values []float32) {
	a := &r.axes[2]
	row := r.row[c*a.to:][:a.to]
	end := x + len(values)
	covered := float64(a.to) // the weight of pixels between the first and the last: only where the axis shrinks there are any
	o := 0
	if x > 0 {
		o = sort.SearchInts(a.last, x)
	}
	for ; o < a.to && a.first[o] < end; o++ {
		sum, first, last := row[o], a.first[o], a.last[o]
		for i := max(x, first); i <= min(last, end-1); i++ {
			weight := covered
			if i == first || i == last {
				weight = a.weight(o, i)
			}
			sum += float64(weight * float64(values[i-x]))
		}
		row[o] = sum
	}
}

// line adds the sums of the columns of a line of channel c to those of the result, and begins the next.
func (r *Resizer) line(c, line int) {
	planes, rows, width := &r.axes[0], &r.axes[1], r.axes[2].to
	z, y := line/rows.from, line%rows.from
	at := &r.at[c]
	if y == 0 {
		at.row = 0
	}
	fromZ, toZ := planes.reached(z, at.plane)
	fromY, toY := rows.reached(y, at.row)
	at.plane, at.row = fromZ, fromY
	row := r.row[c*width:][:width]
	for oz := fromZ; oz < toZ; oz++ {
		for oy := fromY; oy < toY; oy++ {
			weight := planes.weight(oz, z) * rows.weight(oy, y)
			sums := r.sums[((c*planes.to+oz)*rows.to+oy)*width:][:width]
			for i, v := range row {
				sums[i] += float64(weight * v)
			}
		}
	}
	clear(row)
}
