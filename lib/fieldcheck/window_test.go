package fieldcheck

import (
	"math"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/gp"
)

// The covariance of figures, from sums over all pairs of products.
func TestCovarianceOfFigures(t *testing.T) {
	for _, c := range []Claim{
		{Kernel: gp.SE, Length: gp.Length{2}, Shape: []int{9}, Variance: 2},
		{Kernel: gp.Matern32, Length: gp.Length{1.5, 3}, Shape: []int{5, 4}, Variance: 1, Nugget: 0.3},
		{Kernel: gp.Matern12, Length: gp.Length{1}, Shape: []int{3, 2, 4}, Variance: 1},
	} {
		table := newLagTable(&c)
		points := dims.Count(c.Shape)
		cov := func(p, q []int) float64 {
			lag, same := make([]int, len(p)), true
			for i := range p {
				lag[i] = p[i] - q[i]
				same = same && lag[i] == 0
			}
			k := c.Variance * c.Kernel.Open(lag, c.lengths())
			if same {
				k += c.Nugget
			}
			return k
		}
		// A figure is a mean of Σ aᵢⱼ xᵢxⱼ; here all its (i, j, a).
		type term struct {
			p, q   []int
			factor float64
		}
		terms := func(f figure) (out []term) {
			for p := range points {
				at, there, inside := dims.Index(p, c.Shape), dims.Index(p, c.Shape), true
				for i := range there {
					there[i] += f.lag[i]
					inside = inside && there[i] < c.Shape[i]
				}
				switch {
				case !inside:
				case f.increment:
					out = append(out, term{at, at, 0.5}, term{there, there, 0.5}, term{at, there, -0.5}, term{there, at, -0.5})
				default:
					out = append(out, term{at, there, 1})
				}
			}
			return out
		}
		mean := func(f figure) float64 {
			n := 0.0
			for p := range points {
				inside := 1.0
				for i, k := range dims.Index(p, c.Shape) {
					if k+f.lag[i] >= c.Shape[i] {
						inside = 0
					}
				}
				n += inside
			}
			return n
		}
		lags := [][]int{make([]int, len(c.Shape))}
		for i := range c.Shape {
			lag := make([]int, len(c.Shape))
			lag[i] = 1
			lags = append(lags, lag)
		}
		lags = append(lags, []int{2, 1, 1}[:len(c.Shape)])
		for _, increment := range []bool{false, true} {
			for _, a := range lags {
				for _, b := range lags {
					f, g := figure{a, increment}, figure{b, increment}
					want := 0.0
					for _, u := range terms(f) {
						for _, v := range terms(g) {
							want += u.factor * v.factor * (cov(u.p, v.p)*cov(u.q, v.q) + cov(u.p, v.q)*cov(u.q, v.p))
						}
					}
					want /= mean(f) * mean(g)
					if got := table.covariance(f, g); !(math.Abs(got-want) <= 1e-9) {
						t.Errorf("%s, %v and %v: got %g, want %g", c.String(), f, g, got, want)
					}
				}
			}
		}
		mean1, powers := table.pairs()
		want := make([]float64, 4)
		k0 := cov(dims.Index(0, c.Shape), dims.Index(0, c.Shape))
		for p := range points {
			for q := range points {
				rho := cov(dims.Index(p, c.Shape), dims.Index(q, c.Shape)) / k0
				for n := range want {
					want[n] += math.Pow(rho, float64(n)) / float64(points*points)
				}
			}
		}
		for n, w := range want {
			if !(math.Abs(powers[n]-w) <= 1e-9) {
				t.Errorf("%s: mean of ρ to the power %d is %g, want %g", c.String(), n, powers[n], w)
			}
		}
		if !(math.Abs(mean1-k0*want[1]) <= 1e-9) {
			t.Errorf("%s: mean covariance %g, want %g", c.String(), mean1, k0*want[1])
		}
	}
}

// The figures of a field that can be added up by hand.
func TestFigures(t *testing.T) {
	x := []float32{1, 2, 4, 3, 5, 0}
	for _, c := range []struct {
		lag       []int
		increment bool
		want      float64
	}{
		{[]int{0, 0}, false, (1 + 4 + 16 + 9 + 25) / 6.0},
		{[]int{0, 1}, false, (2 + 8 + 15 + 0) / 4.0},
		{[]int{1, 0}, false, (3 + 10 + 0) / 3.0},
		{[]int{1, 2}, false, 0},
		{[]int{1, 1}, false, (5 + 0) / 2.0},
		{[]int{0, 1}, true, (1 + 4 + 4 + 25) / 8.0},
		{[]int{1, 0}, true, (4 + 9 + 16) / 6.0},
	} {
		if got := (figure{c.lag, c.increment}).of(x, []int{2, 3}); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("%v %v: got %g, want %g", c.lag, c.increment, got, c.want)
		}
	}
}
