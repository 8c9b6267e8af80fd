package fieldcheck

import "math"

// A law is the distribution of a value of a field, in standard deviations: normal, or that of fields whose D independent
// modes, each divided by its deviation, have squares that add up to D. The modes of such a field are a point on a sphere, in
// any direction with the same probability, and a value is √D times its component along one axis. With z = √D sin s, the
// angle s has the density cos^(D-2) s: z has an arcsine law for D = 2, is uniform for 3, and close to normal for many.
//
// The covariance of g(X) and g(Y) with correlation ρ is Σₙ cₙ² Gₙ(ρ), with Gₙ the Gegenbauer polynomials of index
// (D-2)/2 and Gₙ(1) = 1, and cₙ the coefficients of g in these, normalised (C. Müller, "Spherical Harmonics", Lecture
// Notes in Mathematics 17, Springer 1966). For normal values Gₙ(ρ) is ρⁿ, and it is Mehler's formula.
type law struct {
	freedom float64   // D, +Inf of normal values
	reach   float64   // the largest angle of the table
	table   []float64 // 2u-1 at angles from 0 to reach, u the probability of a smaller value
	// Gₙ₊₁(ρ) = first[n] ρ Gₙ(ρ) - second[n] Gₙ₋₁(ρ)
	first, second [terms]float64
	squares       [degrees][terms]float64 // cₙ² of the polynomials; the last term has the rest of the series
}

const (
	degrees = 4
	terms   = 32
)

// normalLaw is the law of a value of unit deviation.
var normalLaw = func() *law {
	l := &law{freedom: math.Inf(1)}
	for n := range terms {
		l.first[n] = 1
	}
	const step, reach = 0.01, 12 // the trapezoidal rule converges like exp(-2π²/step²)
	var c [degrees][terms]float64
	for v := -float64(reach); v <= reach; v += step {
		density := step * math.Exp(-v*v/2) / math.Sqrt(2*math.Pi)
		g := legendre(math.Erf(v / math.Sqrt2))
		before, h := 0.0, 1.0 // Hermite polynomials, normalised: √(n+1) hₙ₊₁ = v hₙ - √n hₙ₋₁
		for n := range terms {
			for d := range g {
				c[d][n] += density * g[d] * h
			}
			before, h = h, (v*h-math.Sqrt(float64(n))*before)/math.Sqrt(float64(n+1))
		}
	}
	l.square(c)
	return l
}()

// sphereLaw is the law of a value of fields with that many independent modes, at least 2, whose sum of squares is fixed.
func sphereLaw(freedom float64) *law {
	const cells, deviations = 4096, 12
	l := &law{freedom: freedom, reach: math.Pi / 2, table: make([]float64, cells+1)}
	if r := deviations / math.Sqrt(freedom); r < l.reach {
		l.reach = r
	}
	for n := range terms {
		l.first[n], l.second[n] = 1, 0
		if n > 0 {
			k := float64(n)
			l.first[n], l.second[n] = (2*k+freedom-2)/(k+freedom-2), k/(k+freedom-2)
		}
	}
	step := l.reach / cells
	density := func(s float64) float64 { return math.Pow(math.Cos(s), freedom-2) }
	for i := range cells { // Simpson's rule
		s := float64(i) * step
		l.table[i+1] = l.table[i] + density(s) + 4*density(s+step/2) + density(s+step)
	}
	for i := range l.table {
		l.table[i] /= l.table[cells]
	}
	var c [degrees][terms]float64
	var norm [terms]float64
	for i := range 2 * cells { // the midpoint rule
		s := (float64(i)+0.5)*step - l.reach
		weight := density(s)
		g := legendre(l.centred(s))
		for n, p := range l.polynomials(math.Sin(s)) {
			norm[n] += weight * p * p
			for d := range g {
				c[d][n] += weight * g[d] * p
			}
		}
	}
	for d := range c {
		for n := range c[d] {
			c[d][n] /= math.Sqrt(norm[n] * norm[0])
		}
	}
	l.square(c)
	return l
}

// square sets the squares of the polynomials' coefficients.
func (l *law) square(c [degrees][terms]float64) {
	for d := range c {
		rest := 1.0
		for n, v := range c[d] {
			l.squares[d][n] = v * v
			rest -= v * v
		}
		l.squares[d][terms-1-d%2] += max(0, rest) // odd polynomials have odd terms: of degrees 1 and 3, at 0 and 2
	}
}

// polynomials returns Gₙ(ρ).
func (l *law) polynomials(rho float64) (out [terms]float64) {
	before, g := 0.0, 1.0
	for n := range out {
		out[n] = g
		before, g = g, l.first[n]*(rho*g)-l.second[n]*before
	}
	return out
}

// centred returns 2u-1 at an angle, from the table.
func (l *law) centred(s float64) float64 {
	at := math.Abs(s) / l.reach * float64(len(l.table)-1)
	i := int(at)
	if i >= len(l.table)-1 {
		return math.Copysign(1, s)
	}
	return math.Copysign(l.table[i]+(at-float64(i))*(l.table[i+1]-l.table[i]), s)
}

// probability returns 2u-1 of a value, u the probability of a smaller one.
func (l *law) probability(z float64) float64 {
	if l.table == nil {
		return math.Erf(z / math.Sqrt2)
	}
	return l.centred(math.Asin(max(-1, min(1, z/math.Sqrt(l.freedom)))))
}

// add adds weight·Gₙ(ρ) to sums for all n.
func (l *law) add(sums []float64, weight, rho float64) {
	for n, g := range l.polynomials(rho) {
		sums[n] += weight * g
	}
}
