package resize

// axis is how the pixels of an axis become those of the result. Pixel o is the weighted mean of the pixels first[o] ≤ i ≤ last[o]
// of the input; both rise with o.
type axis struct {
	from, to    int
	first, last []int
}

// set makes a the axis from that many pixels to that many.
func (a *axis) set(from, to int) {
	if a.from == from && a.to == to {
		return
	}
	*a = axis{from, to, a.first[:0], a.last[:0]}
	for o := range to {
		first, last := o*from/to, ((o+1)*from-1)/to
		if a.grows() {
			place := a.centre(o)
			first = place / (2 * to)
			last = (place + 2*to - 1) / (2 * to)
		}
		a.first, a.last = append(a.first, first), append(a.last, last)
	}
}

// grows reports whether the axis is interpolated.
func (a *axis) grows() bool { return a.to > a.from }

// centre is where the centre of pixel o of the result lies between the centres of the first and the last pixel of the input, in
// units of 1/(2·to) pixels.
func (a *axis) centre(o int) int {
	return min(max((2*o+1)*a.from-a.to, 0), 2*a.to*(a.from-1))
}

// weight is that of pixel i of the input in pixel o of the result, a positive whole number: where the axis shrinks, how much of it
// is covered, in units of 1/to pixels.
func (a *axis) weight(o, i int) float64 {
	if a.grows() {
		away := a.centre(o) - 2*a.to*i
		return float64(2*a.to - max(away, -away))
	}
	return float64(min((o+1)*a.from, (i+1)*a.to) - max(o*a.from, i*a.to))
}

// total is the sum of the weights of a pixel of the result.
func (a *axis) total() float64 {
	if a.grows() {
		return float64(2 * a.to)
	}
	return float64(a.from)
}

// reached returns the pixels of the result, from ≤ o < to, that pixel i of the input has a part in; at is any pixel that is not
// behind them, such as those of the pixel before.
func (a *axis) reached(i, at int) (from, to int) {
	for at < a.to && a.last[at] < i {
		at++
	}
	end := at
	for end < a.to && a.first[end] <= i {
		end++
	}
	return at, end
}
