package fieldcheck

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// lags tests covariances at lags round the torus, which are quadratic forms of the modes.
func (t *torus) lags(fields int) []Test {
	var lags [][]int
	name := "covariance"
	if !t.claim.Standardised {
		lags = append(lags, make([]int, len(t.shape)))
	} else {
		name = "covariance without the mean"
	}
	var out []Test
	n, points := float64(fields), float64(len(t.eigenvalues))
	for _, lag := range append(lags, t.claim.lags()...) {
		var f form
		measured := 0.0
		for j, cos := range t.cosines(lag) {
			m := t.modes[j]
			w := m.eigenvalue * cos / points / n
			f.add(w, m.freedom*n)
			measured += w * t.power[j]
		}
		mean := 0.0 // of the weights: where the sum of the powers is fixed, so is its product with the mean weight
		if t.claim.Standardised {
			mean = f.mean() / (n * t.freedom)
		}
		// A covariance that is the same for all fields but for rounding is not tested.
		deviation := math.Sqrt(f.minus(mean).variance())
		if !(deviation*math.Sqrt(n) > 256*t.claim.Rounding*t.variance()) {
			continue
		}
		test := Test{Name: fmt.Sprintf("%s at lag %s", name, lagText(lag)), Measured: measured, Expected: f.mean(), StdErr: deviation}
		if t.claim.Standardised {
			test.P = twoSided(f.minus(measured / (n * t.freedom)).tails(0))
		} else {
			test.P = twoSided(f.tails(measured))
		}
		out = append(out, test)
	}
	return out
}

// lagText writes a lag: 3,0.
func lagText(lag []int) string {
	text := ""
	for i, h := range lag {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprint(h)
	}
	return text
}

// correlations returns the means over all lags of the law's polynomials at the correlation.
func (t *torus) correlations(l *law) []float64 {
	spectrum := make([]float32, len(t.eigenvalues))
	for i, v := range t.eigenvalues {
		if i > 0 || !t.claim.Standardised {
			spectrum[i] = float32(v)
		}
	}
	// The transform of a symmetric spectrum gives the covariances, up to a factor. Each coefficient belongs to a lag; the
	// lags that are left out are the negatives of others.
	cov := t.transform(spectrum)
	sums := make([]float64, terms)
	last := len(t.shape) - 1
	for at, v := range cov {
		weight := 2.0
		if h := at % t.half[last]; h == 0 || 2*h == t.shape[last] {
			weight = 1
		}
		l.add(sums, weight/float64(len(t.eigenvalues)), real(v)/real(cov[0]))
	}
	return sums
}

// isotropy compares the powers, over eigenvalues, of modes that vary mostly along one axis with those of modes that vary
// mostly along another, and of modes along one diagonal with those along the other; distances are in lengths. The ratio of
// two such means has Fisher's F distribution, whatever the variance.
func (t *torus) isotropy(fields int) []Test {
	var out []Test
	lengths := t.claim.lengths()
	for a := range t.shape {
		for b := a + 1; b < len(t.shape); b++ {
			var axes, diagonals [2]group
			for j, m := range t.modes {
				if m.freedom == 1 {
					continue
				}
				f := t.frequencies(m.at)
				u, v := float64(f[a])*lengths[a]/float64(t.shape[a]), float64(f[b])*lengths[b]/float64(t.shape[b])
				put := func(g *[2]group, second bool) {
					k := 0
					if second {
						k = 1
					}
					g[k].power += t.power[j]
					g[k].freedom += m.freedom
				}
				if math.Abs(u) != math.Abs(v) {
					put(&axes, math.Abs(v) > math.Abs(u))
				}
				if u*v != 0 && 2*f[a] != t.shape[a] && 2*f[b] != t.shape[b] {
					put(&diagonals, u*v < 0)
				}
			}
			for i, g := range [][2]group{axes, diagonals} {
				if g[0].freedom == 0 || g[1].freedom == 0 {
					continue
				}
				n := float64(fields)
				d := distuv.F{D1: n * g[0].freedom, D2: n * g[1].freedom}
				ratio := g[0].power / g[0].freedom / (g[1].power / g[1].freedom)
				name := fmt.Sprintf("isotropy: power along axis %d over axis %d", a, b)
				if i == 1 {
					name = fmt.Sprintf("isotropy: power along the diagonals of axes %d and %d", a, b)
				}
				out = append(out, Test{Name: name, Measured: ratio, Expected: 1, StdErr: math.Sqrt(2/d.D1 + 2/d.D2), P: twoSided(d.CDF(ratio), d.Survival(ratio))})
			}
		}
	}
	return out
}

// stationarity tests that neighbouring modes are independent. Their products have mean 0 and mean square 1, and the
// square of the sum of many is exponential.
func (t *torus) stationarity() []Test {
	var out []Test
	for i, n := range t.pairs {
		if n < enough {
			continue
		}
		v := t.neighbour[i]
		size := math.Hypot(real(v), imag(v)) / n
		out = append(out, Test{Name: fmt.Sprintf("stationarity: correlation of neighbouring modes along axis %d", i), Measured: size, StdErr: math.Sqrt(1 / n), P: math.Exp(-size * size * n)})
	}
	return out
}
