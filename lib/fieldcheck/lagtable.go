package fieldcheck

import (
	"math"

	"backdrop/lib/dims"
)

// A lagTable holds the covariances at all lags within a window, as far as they are not negligible.
type lagTable struct {
	shape  []int
	reach  []int     // along each axis: at farther lags the covariance is taken for 0
	size   []int     // shape of values: reach+1 along each axis
	values []float64 // by lag
}

// negligible is the covariance, relative to that at lag 0, below which it is taken for 0. Sums of the squares of many such
// are still negligible.
const negligible = 1e-12

func newLagTable(c *Claim) *lagTable {
	t := &lagTable{shape: c.Shape}
	far := 1.0
	for c.Kernel.At(far) > negligible {
		far *= 1.1
	}
	for i, l := range c.lengths() {
		reach := int(math.Min(float64(c.Shape[i]-1), math.Ceil(far*l)))
		t.reach = append(t.reach, reach)
		t.size = append(t.size, reach+1)
	}
	t.values = make([]float64, dims.Count(t.size))
	for p := range t.values {
		t.values[p] = c.Variance * c.Kernel.Open(dims.Index(p, t.size), c.lengths())
	}
	t.values[0] += c.Nugget
	return t
}

// at returns the covariance at a lag, whose components may have any sign.
func (t *lagTable) at(lag []int) float64 {
	p := 0
	for i, h := range lag {
		if h < 0 {
			h = -h
		}
		if h > t.reach[i] {
			return 0
		}
		p = p*t.size[i] + h
	}
	return t.values[p]
}

// distances calls f for all differences d of two pixels for which a covariance at a lag within `more` of d may not be
// negligible.
func (t *lagTable) distances(more []int, f func(d []int)) {
	d, reach := make([]int, len(t.shape)), make([]int, len(t.shape))
	for i, n := range t.shape {
		reach[i] = min(n-1, t.reach[i]+more[i])
		d[i] = -reach[i]
	}
	for {
		f(d)
		i := len(d) - 1
		for ; i >= 0; i-- {
			if d[i]++; d[i] <= reach[i] {
				break
			}
			d[i] = -reach[i]
		}
		if i < 0 {
			return
		}
	}
}

// count returns the number of pairs of pixels, d apart, such that the pixel at lag a from the first and the pixel at lag b from
// the second lie in the window, too. Lags are not negative.
func (t *lagTable) count(d, a, b []int) float64 {
	n := 1.0
	for i, s := range t.shape {
		first, last := max(0, -d[i]), min(s-a[i], s-b[i]-d[i]) // x and x+d
		if first >= last {
			return 0
		}
		n *= float64(last - first)
	}
	return n
}

// covariance of two figures of one field, from Isserlis' theorem: E abcd = E ab E cd + E ac E bd + E ad E bc for
// normal a to d (L. Isserlis, "On a formula for the product-moment coefficient of any order of a normal frequency
// distribution in any number of variables", Biometrika 12, 1918, 134–139).
func (t *lagTable) covariance(f, g figure) float64 {
	zero := make([]int, len(t.shape))
	more := make([]int, len(t.shape))
	for i := range more {
		more[i] = f.lag[i] + g.lag[i]
	}
	shifted := make([]int, len(t.shape))
	k := func(d []int, plus, minus []int) float64 {
		for i := range shifted {
			shifted[i] = d[i] + plus[i] - minus[i]
		}
		return t.at(shifted)
	}
	sum := 0.0
	t.distances(more, func(d []int) { // from x to y
		n := t.count(d, f.lag, g.lag)
		if n == 0 {
			return
		}
		near, far := k(d, zero, zero), k(d, g.lag, f.lag) // of x and y, of their partners
		there, back := k(d, g.lag, zero), k(d, zero, f.lag)
		switch {
		case f.increment && g.increment:
			q := near + far - there - back
			sum += n * q * q / 2
		case !f.increment && !g.increment:
			sum += n * (near*far + there*back)
		default:
			panic("fieldcheck: covariance of a product and an increment")
		}
	})
	return sum / t.count(zero, f.lag, f.lag) / t.count(zero, g.lag, g.lag)
}

// pairs returns the mean covariance of two pixels in the window, and the means of the n-th powers of their correlation.
func (t *lagTable) pairs() (mean float64, powers []float64) {
	zero := make([]int, len(t.shape))
	powers = make([]float64, terms)
	k0 := t.values[0]
	points := float64(dims.Count(t.shape))
	t.distances(zero, func(d []int) {
		weight, k := t.count(d, zero, zero)/(points*points), t.at(d)
		mean += weight * k
		normalLaw.add(powers, weight, k/k0)
	})
	powers[0] = 1 // all pairs, near and far
	return mean, powers
}
