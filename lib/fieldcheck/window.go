package fieldcheck

import (
	"fmt"
	"math"
	"slices"
)

// A window judges fields in open space by mean products and mean squared increments at lags. Their expectations and
// variances are exact. The rest of their distributions, above all the skewness, is taken from the same figure on a torus of
// the size of the window.
type window struct {
	claim *Claim
	*lagTable
	torus *spectrum

	figures []figure
	sums    []float64 // of the figures
	mean    float64
}

// A figure is a mean over the window: of products of values a lag apart, or of half the squares of their differences.
type figure struct {
	lag       []int
	increment bool
}

// String names the figure in a report.
func (f figure) String() string {
	if f.increment {
		return "half mean squared increment at lag " + lagText(f.lag)
	}
	return "covariance at lag " + lagText(f.lag)
}

func newWindow(c *Claim) *window {
	torus := *c
	torus.Open = false
	w := &window{claim: c, lagTable: newLagTable(c), torus: newSpectrum(&torus)}
	w.figures = []figure{{lag: make([]int, len(c.Shape))}}
	for _, lag := range c.lags() {
		w.figures = append(w.figures, figure{lag: lag})
	}
	for i := range c.Shape {
		for _, l := range w.increments(i) {
			w.figures = append(w.figures, figure{lag: l, increment: true})
		}
	}
	w.sums = make([]float64, len(w.figures))
	return w
}

// increments returns lags along an axis: one pixel, a quarter and half of the length.
func (w *window) increments(axis int) [][]int {
	var out [][]int
	l := w.claim.lengths()[axis]
	for _, h := range []int{1, int(math.Round(l / 4)), int(math.Round(l / 2))} {
		lag := make([]int, len(w.claim.Shape))
		lag[axis] = h
		if h > 0 && 2*h <= w.claim.Shape[axis] && !slices.ContainsFunc(out, func(o []int) bool { return o[axis] == h }) {
			out = append(out, lag)
		}
	}
	return out
}

// independent is the number of independent squares whose mean varies like the mean square of a field.
func (w *window) independent() float64 {
	k0 := w.at(w.figures[0].lag)
	return 2 * k0 * k0 / w.covariance(w.figures[0], w.figures[0])
}

func (w *window) add(x []float32) float64 {
	for _, v := range x {
		w.mean += float64(v) / float64(len(x))
	}
	for i, f := range w.figures {
		w.sums[i] += f.of(x, w.claim.Shape)
	}
	return 1 / math.Sqrt(w.at(w.figures[0].lag))
}

// of returns the figure of one field.
func (f figure) of(x []float32, shape []int) float64 {
	last := len(shape) - 1
	width := shape[last]
	h := f.lag[last]
	sum, pairs := 0.0, 0
	for row := range len(x) / width {
		other, stride, inside := row, 1, true
		for i := last - 1; i >= 0; i-- {
			k := row / stride % shape[i]
			other += f.lag[i] * stride
			inside = inside && k+f.lag[i] < shape[i]
			stride *= shape[i]
		}
		if !inside {
			continue
		}
		a, b := x[row*width:][:width-h], x[other*width+h:][:width-h]
		line := 0.0
		if f.increment {
			for i, v := range a {
				d := float64(v) - float64(b[i])
				line += d * d / 2
			}
		} else {
			for i, v := range a {
				line += float64(v) * float64(b[i])
			}
		}
		sum += line
		pairs += len(a)
	}
	return sum / float64(pairs)
}

// expected returns the expectation of a figure.
func (w *window) expected(f figure) float64 {
	if f.increment {
		return w.at(make([]int, len(f.lag))) - w.at(f.lag)
	}
	return w.at(f.lag)
}

// weights returns, up to a common factor, those of the modes in the same figure on a torus.
func (w *window) weights(f figure) []float64 {
	out := w.torus.cosines(f.lag)
	for j, m := range w.torus.modes {
		if f.increment {
			out[j] = 1 - out[j]
		}
		out[j] *= m.eigenvalue
	}
	return out
}

// test returns the test of Σ factor·figure. Its standardised deviation is looked up in the distribution on a torus.
func (w *window) test(name string, fields int, terms []figure, factors []float64) Test {
	t := Test{Name: name}
	var f form
	weights := make([]float64, len(w.torus.modes))
	variance := 0.0
	for i, a := range terms {
		t.Measured += factors[i] * w.sums[w.number(a)] / float64(fields)
		t.Expected += factors[i] * w.expected(a)
		for j, b := range terms {
			variance += factors[i] * factors[j] * w.covariance(a, b) / float64(fields)
		}
		for j, v := range w.weights(a) {
			weights[j] += factors[i] * v
		}
	}
	for j, m := range w.torus.modes {
		f.add(weights[j], m.freedom*float64(fields))
	}
	t.StdErr = math.Sqrt(variance)
	t.P = twoSided(f.tails(f.mean() + (t.Measured-t.Expected)/t.StdErr*math.Sqrt(f.variance())))
	return t
}

// number returns the index of a figure.
func (w *window) number(f figure) int {
	return slices.IndexFunc(w.figures, func(g figure) bool { return g.increment == f.increment && slices.Equal(g.lag, f.lag) })
}

func (w *window) law() *law { return normalLaw }

func (w *window) tests(fields int, m *marginal) []Test {
	mean, powers := w.pairs()
	stderr := math.Sqrt(mean / float64(fields))
	measured := w.mean / float64(fields)
	out := []Test{{Name: "mean", Measured: measured, StdErr: stderr, P: normal(measured / stderr)}}
	for _, f := range w.figures {
		out = append(out, w.test(f.String(), fields, []figure{f}, []float64{1}))
	}
	out = append(out, m.tests(powers, fields)...)
	return append(out, w.isotropy(fields)...)
}

// isotropy compares increments at about half a length along two axes, relative to what is expected.
func (w *window) isotropy(fields int) []Test {
	var out []Test
	for a := range w.claim.Shape {
		for b := a + 1; b < len(w.claim.Shape); b++ {
			one, other := w.increments(a), w.increments(b)
			if len(one) == 0 || len(other) == 0 {
				continue
			}
			f, g := figure{one[len(one)-1], true}, figure{other[len(other)-1], true}
			out = append(out, w.test(fmt.Sprintf("isotropy: increments along axis %d less axis %d", a, b), fields,
				[]figure{f, g}, []float64{1 / w.expected(f), -1 / w.expected(g)}))
		}
	}
	return out
}
