package region

// Part is a box of pixels: the positions from ≤ p < to along each axis.
type Part [3][2]int

// Whole is all pixels of planes of a size.
func Whole(s Size) (p Part) {
	for axis, n := range s {
		p[axis][1] = n
	}
	return p
}

// Empty reports whether there is no pixel.
func (p Part) Empty() bool {
	return p[0][0] >= p[0][1] || p[1][0] >= p[1][1] || p[2][0] >= p[2][1]
}

// Size is its extent along each axis.
func (p Part) Size() (s Size) {
	for axis, r := range p {
		s[axis] = r[1] - r[0]
	}
	return s
}

// With is the smallest part that holds all of two.
func (p Part) With(q Part) Part {
	switch {
	case p.Empty():
		return q
	case q.Empty():
		return p
	}
	for axis, r := range q {
		p[axis] = [2]int{min(p[axis][0], r[0]), max(p[axis][1], r[1])}
	}
	return p
}

// Within is what of p lies in planes of a size.
func (p Part) Within(s Size) Part {
	for axis, n := range s {
		p[axis] = [2]int{max(p[axis][0], 0), min(p[axis][1], n)}
	}
	return p
}

// Moved is the part with other positions, by that many along each axis.
func (p Part) Moved(by Size, times int) Part {
	for axis, n := range by {
		p[axis][0] += times * n
		p[axis][1] += times * n
	}
	return p
}

// Clip is what of a span lies in the columns of the part.
func (p Part) Clip(s Span) (lo, hi int) {
	return max(int(s.Lo), p[2][0]), min(int(s.Hi), p[2][1])
}
