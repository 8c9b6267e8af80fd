package fieldcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"backdrop/lib/gp"
)

// Laws that are known: arcsine for 2 modes, uniform for 3, normal for many.
func TestSphereLaw(t *testing.T) {
	two, three, many := sphereLaw(2), sphereLaw(3), sphereLaw(1e9)
	for z := -1.4; z <= 1.4; z += 0.07 {
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"2 modes", two.probability(z), 2 / math.Pi * math.Asin(z/math.Sqrt2)},
			{"3 modes", three.probability(z), z / math.Sqrt(3)},
			{"10⁹ modes", many.probability(2 * z), math.Erf(2 * z / math.Sqrt2)},
		} {
			if !(math.Abs(c.got-c.want) <= 1e-6) {
				t.Errorf("%s: 2u-1 at %g is %g, want %g", c.name, z, c.got, c.want)
			}
		}
		// Chebyshev and Legendre polynomials, and powers.
		rho := z / 1.4
		for _, c := range []struct {
			law  *law
			want float64
		}{
			{two, math.Cos(5 * math.Acos(max(-1, min(1, rho))))}, {three, (63*math.Pow(rho, 5) - 70*math.Pow(rho, 3) + 15*rho) / 8}, {many, math.Pow(rho, 5)},
		} {
			if got := c.law.polynomials(rho)[5]; !(math.Abs(got-c.want) <= 1e-6) {
				t.Errorf("%g modes: polynomial 5 at %g is %g, want %g", c.law.freedom, rho, got, c.want)
			}
		}
	}
	for d := range degrees {
		// A value of 3 modes is uniform, and its polynomials are those of the test.
		if got := three.squares[d][d+1]; !(math.Abs(got-1) <= 1e-5) {
			t.Errorf("3 modes: coefficient squared %d of degree %d is %g, want 1", d+1, d+1, got)
		}
		for n := range terms {
			if got, want := many.squares[d][n], normalLaw.squares[d][n]; !(math.Abs(got-want) <= 1e-5) {
				t.Errorf("10⁹ modes: coefficient squared %d of degree %d is %g, of normal values %g", n, d+1, got, want)
			}
		}
	}
}

// Means and covariances of the four polynomials, against draws of points on a sphere.
func TestSphereLawOfDraws(t *testing.T) {
	const draws, rho = 200_000, 0.8
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{2, 3, 4, 7, 30} {
		l := sphereLaw(float64(n))
		var mean, product [degrees]float64
		for range draws {
			x, square := make([]float64, n), 0.0
			for i := range x {
				x[i] = r.NormFloat64()
				square += x[i] * x[i]
			}
			scale := math.Sqrt(float64(n) / square)
			a := legendre(l.probability(scale * x[0]))
			b := legendre(l.probability(scale * (rho*x[0] + math.Sqrt(1-rho*rho)*x[1])))
			for d := range a {
				mean[d] += a[d] / draws
				product[d] += a[d] * b[d] / draws
			}
		}
		for d, squares := range l.squares {
			want := 0.0
			for i, g := range l.polynomials(rho) {
				want += squares[i] * g
			}
			if !(math.Abs(mean[d]) <= 5/math.Sqrt(draws)) || !(math.Abs(product[d]-want) <= 15/math.Sqrt(draws)) {
				t.Errorf("%d modes, degree %d: mean %g, want 0; covariance %g, want %g", n, d+1, mean[d], product[d], want)
			}
		}
	}
}

// Many standardised fields of few modes pass: no bias adds up, and what does not vary is not tested.
func TestFewModes(t *testing.T) {
	for _, c := range []struct {
		shape  []int
		length float64
		kernel gp.Kernel
		fields int
	}{
		{[]int{2}, 1, gp.Matern12, 200}, {[]int{3}, 1, gp.SE, 2000}, {[]int{4}, 1, gp.Matern32, 2000}, {[]int{8}, 1, gp.SE, 2000}, {[]int{64}, 16, gp.SE, 5000},
		{[]int{64}, 4, gp.SE, 10000}, {[]int{1, 2}, 1, gp.SE, 200}, {[]int{2, 2}, 1, gp.Matern12, 2000}, {[]int{4, 4}, 1, gp.SE, 5000}, {[]int{8, 8}, 2, gp.Matern52, 20000}, {[]int{2, 2, 2}, 0.5, gp.SE, 2000},
	} {
		claim := Claim{Kernel: c.kernel, Length: gp.Length{c.length}, Shape: c.shape, Standardised: true}
		r := report(t, claim, spec(claim), 0, c.fields, nil, 1e-4)
		if err := r.Err(); err != nil {
			t.Error(err)
		}
		for _, test := range r.Tests {
			if !test.Exact && !(test.StdErr > 0 && test.P >= 0) {
				t.Errorf("%s: %s is tested to ± %g, p = %g", claim.String(), test.Name, test.StdErr, test.P)
			}
		}
	}
}

// False alarms of few modes keep within the bound, with as few fields as are taken and with more.
func TestFewModesFalseAlarms(t *testing.T) {
	const falseAlarm = 0.05
	reports := 200
	if testing.Short() {
		reports = 20
	}
	for _, c := range []struct {
		shape  []int
		fields int
	}{{[]int{5}, 25}, {[]int{5}, 100}, {[]int{8}, 15}, {[]int{2, 2}, 34}, {[]int{4, 4}, 20}} {
		claim := Claim{Kernel: gp.SE, Length: gp.Length{0.7}, Shape: c.shape, Standardised: true}
		failed := 0
		for i := range reports {
			if report(t, claim, spec(claim), i*c.fields, c.fields, nil, falseAlarm).Err() != nil {
				failed++
			}
		}
		if limit := falseAlarm*float64(reports) + 3*math.Sqrt(falseAlarm*float64(reports)); float64(failed) > limit {
			t.Errorf("%s: %d of %d reports fail, at most %.0f should", claim.String(), failed, reports, limit)
		}
	}
}

// Standardised fields whose values are not of their law fail by that.
func TestNotNormal(t *testing.T) {
	claim := Claim{Kernel: gp.SE, Length: gp.Length{16}, Shape: []int{64}, Standardised: true}
	r := report(t, claim, spec(claim), 0, 2000, func(_ int, x []float32) { cubed(x); standardise(x) }, 1e-4)
	found := false
	for _, test := range r.Failed() {
		found = found || strings.HasPrefix(test.Name, "normality: ")
	}
	if !found {
		t.Errorf("cubed values are not found by their distribution, but: %v", r.Err())
	}
}

// Faint modes of fields of few modes: their power over that of the others has a long tail, and white noise beyond it.
func TestFaintOfFewModes(t *testing.T) {
	claim := Claim{Kernel: gp.SE, Length: gp.Length{16}, Shape: []int{64}, Standardised: true}
	reports := 500
	if testing.Short() {
		reports = 20
	}
	for i := range reports {
		if err := report(t, claim, spec(claim), i*30, 30, nil, 1e-4).Err(); err != nil && strings.Contains(err.Error(), "faint") {
			t.Errorf("from sample %d: %v", i*30, err)
		}
	}
	white := rand.New(rand.NewPCG(1, 2))
	r := report(t, claim, spec(claim), 0, 30, func(_ int, x []float32) { addNoise(x, 1e-2, white); standardise(x) }, 1e-4)
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "faint") {
		t.Errorf("white noise is not found by the power of faint modes: %v", err)
	}
}

func standardise(x []float32) {
	mean, square := 0.0, 0.0
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		square += (float64(v) - mean) * (float64(v) - mean) / float64(len(x))
	}
	for i, v := range x {
		x[i] = float32((float64(v) - mean) / math.Sqrt(square))
	}
}

func TestNoModes(t *testing.T) {
	claim := Claim{Kernel: gp.SE, Length: gp.Length{2}, Shape: []int{2}, Standardised: true}
	tester, err := New(claim)
	if err != nil {
		t.Fatal(err)
	}
	if err := tester.Add([]float32{1, -1}); err != nil {
		t.Fatal(err)
	}
	if _, err := tester.Report(1e-4); err == nil || !strings.HasPrefix(fmt.Sprint(err), "fields of 2 px have no modes to test at length 2") {
		t.Errorf("got %v", err)
	}
}

// Fields without power where the claim has all fail, and all figures are numbers.
func TestNoPower(t *testing.T) {
	tester, err := New(Claim{Kernel: gp.SE, Length: gp.Length{4}, Shape: []int{64}, Standardised: true})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 64)
	for i := range x {
		x[i] = [4]float32{1, 0, -1, 0}[i%4] * math.Sqrt2
	}
	for range 20 {
		if err := tester.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	r, err := tester.Report(1e-4)
	if err != nil {
		t.Fatal(err)
	}
	if r.Err() == nil {
		t.Error("passes")
	}
	for _, test := range r.Tests {
		if !test.Exact && math.IsNaN(test.P+test.Measured) {
			t.Errorf("%s: %g, p = %g", test.Name, test.Measured, test.P)
		}
	}
}
