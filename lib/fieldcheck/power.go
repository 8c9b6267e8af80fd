package fieldcheck

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A group of modes whose powers over eigenvalues are added up.
type group struct {
	name           string
	power, freedom float64
}

// groups returns the modes that are their own conjugates, the modes of frequency 0 and of the Nyquist frequency along each
// axis, where programs are wrong by factors of two, and all other modes in octaves of 2π·length/wavelength.
func (t *torus) groups() []group {
	var constant, own group
	constant.name, own.name = "power of the constant mode", "power of the other real modes"
	zero, nyquist := make([]group, len(t.shape)), make([]group, len(t.shape))
	for i := range t.shape {
		zero[i].name, nyquist[i].name = fmt.Sprintf("power at frequency 0 of axis %d", i), fmt.Sprintf("power at the Nyquist frequency of axis %d", i)
	}
	octaves := map[int]*group{}
	lowest, highest := math.MaxInt, math.MinInt
	lengths := t.claim.lengths()
	for j, m := range t.modes {
		put := func(g *group) {
			g.power += t.power[j]
			g.freedom += m.freedom
		}
		if m.at == 0 {
			put(&constant)
			continue
		}
		if m.freedom == 1 {
			put(&own)
			continue
		}
		square, line := 0.0, false
		for i, f := range t.frequencies(m.at) {
			n := t.shape[i]
			q := 2 * math.Pi * float64(f) * lengths[i] / float64(n)
			square += q * q
			switch {
			case len(t.shape) == 1 || n == 1:
			case f == 0:
				put(&zero[i])
				line = true
			case 2*f == n || -2*f == n:
				put(&nyquist[i])
				line = true
			}
		}
		if line {
			continue
		}
		octave := int(math.Ceil(math.Log2(square) / 2))
		if octaves[octave] == nil {
			octaves[octave] = &group{name: fmt.Sprintf("power at 2πl/wavelength from %g to %g", math.Exp2(float64(octave-1)), math.Exp2(float64(octave)))}
		}
		lowest, highest = min(lowest, octave), max(highest, octave)
		put(octaves[octave])
	}
	all := append([]group{constant, own}, append(zero, nyquist...)...)
	for o := lowest; o <= highest; o++ {
		if g := octaves[o]; g != nil {
			all = append(all, *g)
		}
	}
	var out []group
	for _, g := range all {
		if g.freedom > 0 {
			out = append(out, g)
		}
	}
	return out
}

// probability returns the tails of a sum of powers over eigenvalues with that many degrees of freedom: chi-square, or beta
// if the sum over all modes is fixed.
func (t *torus) probability(power, freedom float64, fields int) (lower, upper float64) {
	n := float64(fields)
	if !t.claim.Standardised {
		d := distuv.ChiSquared{K: n * freedom}
		return d.CDF(power), d.Survival(power)
	}
	d := distuv.Beta{Alpha: n * freedom / 2, Beta: n * (t.freedom - freedom) / 2}
	return d.CDF(power / (n * t.freedom)), d.Survival(power / (n * t.freedom))
}

// stderr is the standard error of the mean of freedom·fields squares.
func (t *torus) stderr(freedom float64, fields int) float64 {
	v := 2 / (freedom * float64(fields))
	if t.claim.Standardised {
		v *= 1 - freedom/t.freedom
	}
	return math.Sqrt(v)
}

// powers tests the powers of modes, relative to the eigenvalues.
func (t *torus) powers(fields int) []Test {
	n := float64(fields)
	var out []Test
	test := func(name string, power, freedom float64) {
		if t.claim.Standardised && freedom == t.freedom { // fixed
			return
		}
		p := twoSided(t.probability(power, freedom, fields))
		out = append(out, Test{Name: name, Measured: power / (n * freedom), Expected: 1, StdErr: t.stderr(freedom, fields), P: p})
	}
	if !t.claim.Standardised {
		whole := 0.0
		for _, v := range t.power {
			whole += v
		}
		test("power of all modes", whole, t.freedom)
	}
	for _, g := range t.groups() {
		test(g.name, g.power, g.freedom)
	}
	return append(append(out, t.single(fields)...), t.faintest(fields)...)
}

// single tests the modes one by one: the worst of them, and the scatter of all by Fisher's method (R. A. Fisher,
// "Statistical Methods for Research Workers", 4th edition, 1932, section 21.1): if all p are independent, -2 Σ log p is
// chi-square. It is too large if powers scatter too much, as when one field is given twice, and too small if powers are
// more regular than chance. Powers with a fixed sum are not independent; with few modes their scatter is not tested.
func (t *torus) single(fields int) []Test {
	if len(t.modes) < 2 {
		return nil
	}
	least, worst, logs := 2.0, 0, 0.0
	for j, m := range t.modes {
		p := twoSided(t.probability(t.power[j], m.freedom, fields))
		if p < least {
			least, worst = p, j
		}
		logs -= 2 * math.Log(max(p, math.SmallestNonzeroFloat64))
	}
	n := float64(len(t.modes))
	m := t.modes[worst]
	d := distuv.ChiSquared{K: 2 * n}
	out := []Test{{Name: fmt.Sprintf("power of the worst mode, frequency %v", t.frequencies(m.at)), Measured: t.power[worst] / (m.freedom * float64(fields)),
		Expected: 1, StdErr: t.stderr(m.freedom, fields), P: min(1, n*least)}} // Bonferroni
	if t.claim.Standardised && n < enough {
		return out
	}
	return append(out, Test{Name: "scatter of the powers of all modes", Measured: logs / (2 * n), Expected: 1, StdErr: math.Sqrt(1 / n), P: twoSided(d.CDF(logs), d.Survival(logs))})
}

// faintest tests that modes too faint to be compared with their eigenvalues have no more power than these and rounding.
func (t *torus) faintest(fields int) []Test {
	if len(t.faint) == 0 || t.claim.Standardised && t.freedom <= 2 { // the ratio to so few has no mean
		return nil
	}
	n, points := float64(fields), float64(len(t.eigenvalues))
	rounding := noisePower(t.claim)
	excess := max(0, t.faintSum/n-rounding)
	var f form
	for _, m := range t.faint {
		f.add(m.eigenvalue/points/n, m.freedom*n)
	}
	test := Test{Name: "power of faint modes, over rounding", Measured: excess, Expected: f.mean(), StdErr: math.Sqrt(f.variance()), P: 1}
	switch {
	case excess <= test.Expected:
		return []Test{test}
	case test.Expected == 0:
		test.P = 0
		return []Test{test}
	}
	if t.claim.Standardised && t.freedom < enough {
		test.StdErr, test.P = t.faintRatio(f, n, excess)
		return []Test{test}
	}
	if t.claim.Standardised { // the power is relative to that of the tested modes
		for _, m := range t.modes {
			f.add(-excess/(n*t.freedom), m.freedom*n)
		}
		_, test.P = f.tails(0)
	} else {
		_, test.P = f.tails(excess)
	}
	return []Test{test}
}

// faintRatio bounds the probability of an excess of the power of faint modes, relative to that of few tested modes in every
// field: a ratio to a chi-square, which has a long tail. The bound is Cantelli's inequality, or Markov's where the ratio has
// no variance.
func (t *torus) faintRatio(f form, n, excess float64) (stderr, p float64) {
	mean := f.mean()
	if t.freedom <= 4 {
		return mean, mean / excess
	}
	square := n*f.variance() + mean*mean // of a field's power
	variance := (square*(t.freedom-2)/(t.freedom-4) - mean*mean) / n
	z := (excess - mean) / math.Sqrt(variance)
	return math.Sqrt(variance), 1 / (1 + z*z)
}
