package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"backdrop/lib/draw"
	"backdrop/lib/rng"
)

// level is the confidence level of all intervals and tests.
const level = 0.95

// fewest is the number of seeds from which there are intervals and verdicts: if all differences of five have one sign, the sign
// test's p is 2/2⁵ = 0.0625, above 1 − level.
const fewest = 6

// estimate is a mean over seeds with its interval or, of fewer than fewest seeds, the lowest and the highest.
type estimate struct {
	draw.Mean
	Seeds int
}

// replicates is the number of bootstrap draws for an interval.
const replicates = 10_000

// estimated returns the mean and its percentile bootstrap interval: seeds are drawn with replacement (B. Efron, R. J.
// Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13). Of a few values that would be little more than their range.
func estimated(v []float64) estimate {
	e := estimate{draw.Mean{Mean: stat.Mean(v, nil), Low: math.NaN(), High: math.NaN()}, len(v)}
	switch {
	case len(v) == 0:
	case len(v) < fewest:
		e.Low, e.High = snap(slices.Min(v)), snap(slices.Max(v))
	default:
		means, drawn := make([]float64, replicates), make([]float64, len(v))
		for i := range means {
			r := rng.New(1, rng.Bootstrap, uint64(i))
			for k := range drawn {
				drawn[k] = v[r.IntN(len(v))]
			}
			means[i] = stat.Mean(drawn, nil)
		}
		slices.Sort(means)
		e.Low, e.High = snap(quantile(means, (1-level)/2)), snap(quantile(means, (1+level)/2))
	}
	return e
}

// quantile interpolates between neighbours, as numpy.quantile does (type 7 of R. J. Hyndman, Y. Fan, "Sample Quantiles in
// Statistical Packages", Am. Stat. 50, 1996).
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(math.Floor(at))
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// snap returns 0 for what rounding leaves of a sum that cancels, so that an interval that ends at 0 contains 0.
func snap(v float64) float64 {
	if math.Abs(v) < 1e-12 { // figures are of the order of 1, and multiples of about 1e-3 for a few hundred samples
		return 0
	}
	return v
}

// Interval writes the interval, or says that it is the range of seeds.
func (e estimate) Interval() string {
	ends := fmt.Sprintf("%s to %s", number(e.Low), number(e.High))
	switch {
	case e.Seeds == 1:
		return "one seed"
	case e.Seeds < fewest:
		return "seeds " + ends
	}
	return ends
}

// bar is what a picture shows: a range of seeds is no bar.
func (e estimate) bar() draw.Mean {
	if e.Seeds < fewest {
		return draw.Mean{Mean: e.Mean.Mean, Low: math.NaN(), High: math.NaN()}
	}
	return e.Mean
}

func (e estimate) String() string { return fmt.Sprintf("%s (%s)", number(e.Mean.Mean), e.Interval()) }

// A difference is how much higher a figure is in one arm than in another, over the seeds that both have.
type difference struct {
	arm, base string
	estimate
	Effect               float64 // mean divided by deviation of the differences; NaN if the deviation is 0
	Higher, Lower, Equal int     // seeds
	P                    float64 // of the sign test
}

func differ(arm, base string, d []float64) difference {
	out := difference{arm: arm, base: base, estimate: estimated(d), Effect: math.NaN()}
	if deviation := stat.StdDev(d, nil); deviation > 0 {
		out.Effect = out.Mean.Mean / deviation
	}
	for _, v := range d {
		switch cmp.Compare(v, 0) {
		case 1:
			out.Higher++
		case -1:
			out.Lower++
		default:
			out.Equal++
		}
	}
	out.P = signTest(out.Higher, out.Lower)
	return out
}

// signTest returns the p-value of the exact two-sided sign test, ties left out (W. J. Conover, "Practical Nonparametric
// Statistics", 1999, section 3.4).
func signTest(higher, lower int) float64 {
	signs := distuv.Binomial{N: float64(higher + lower), P: 0.5}
	return min(1, 2*signs.CDF(float64(min(higher, lower))))
}

// A verdict is what a difference means.
type verdict string

const (
	higher, lower         verdict = "higher", "lower"
	hintHigher, hintLower verdict = "hint: higher", "hint: lower"
	open                  verdict = "not told apart"
	early                 verdict = "too few seeds"
)

// verdict judges one of that many comparisons: a difference is called one if its interval does not contain 0 and the sign
// test agrees at a level divided by their number (Bonferroni), and a hint if only the interval does not contain 0. A few seeds
// have no verdict.
func (d difference) verdict(comparisons int) verdict {
	sure := d.P < (1-level)/float64(comparisons)
	switch {
	case d.Seeds < fewest:
		return early
	case d.Low > 0 && sure:
		return higher
	case d.Low > 0:
		return hintHigher
	case d.High < 0 && sure:
		return lower
	case d.High < 0:
		return hintLower
	}
	return open
}

func number(v float64) string { return minus(fmt.Sprintf("%.4f", v)) }

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// compare returns the differences of a figure between every arm and the first one, or between all pairs of arms.
func (s study) compare(runs []*run, figure string) []difference {
	names := arms(runs)
	var all []difference
	for i, arm := range names {
		bases := names[:i]
		if !s.AllPairs {
			bases = names[:min(i, 1)]
		}
		for _, base := range bases {
			if d := differences(runs, figure, arm, base); len(d) > 0 {
				all = append(all, differ(arm, base, d))
			}
		}
	}
	return all
}

// values returns a figure of all runs of an arm that have it.
func values(runs []*run, figure, arm string) []float64 {
	var all []float64
	for _, r := range runs {
		if v, ok := r.figures[figure]; ok && r.arm == arm {
			all = append(all, v)
		}
	}
	return all
}

// differences returns the difference of the figure between two arms for every seed that both have.
func differences(runs []*run, figure, arm, base string) []float64 {
	var all []float64
	for _, a := range runs {
		b := slices.IndexFunc(runs, func(b *run) bool { return b.arm == base && b.seed == a.seed })
		if a.arm == arm && b >= 0 {
			v, ok := a.figures[figure]
			w, both := runs[b].figures[figure]
			if ok && both {
				all = append(all, v-w)
			}
		}
	}
	return all
}
