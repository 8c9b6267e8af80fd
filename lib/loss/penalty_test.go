package loss

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The discrepancy from the normal distribution against quadrature of its definition, and of draws from it against
// others.
func TestNormalDiscrepancy(t *testing.T) {
	x := column(-0.5, 0.25, 2)
	const step = 1.0 / 64
	density := func(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
	kernel := func(a, b float64) float64 { return math.Exp(-(a - b) * (a - b) / 2) }
	want := 0.0
	for _, a := range x {
		for _, b := range x {
			want += kernel(float64(a[0]), float64(b[0])) / 9
		}
		for z := -8.0; z <= 8; z += step {
			want -= 2.0 / 3 * kernel(float64(a[0]), z) * density(z) * step
		}
	}
	for y := -8.0; y <= 8; y += step {
		for z := -8.0; z <= 8; z += step {
			want += kernel(y, z) * density(y) * density(z) * step * step
		}
	}
	if got := normalDiscrepancy(x, nil, 1, nil); !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("got %v, quadrature gives %v", got, want)
	}

	r := rand.New(rand.NewPCG(1, 2))
	draw := func(mean, deviation float64) float64 {
		var x [][]float32
		for range 400 {
			x = append(x, []float32{float32(mean + deviation*r.NormFloat64()), float32(mean + deviation*r.NormFloat64())})
		}
		return normalDiscrepancy(x, nil, 1, nil)
	}
	// Under the normal distribution the mean is (1 − E k)/n = (1 − 1/2)/400.
	if normal := draw(0, 1); normal > 0.01 || draw(1, 1) < 5*normal || draw(0, 2) < 5*normal {
		t.Errorf("normal draws have discrepancy %v, moved ones %v, wide ones %v", normal, draw(1, 1), draw(0, 2))
	}
}

// The definition of distance covariance with both matrices centred, and its meaning.
func TestDistanceCovariance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 30
	x, u := make([][]float32, n), make([]float64, n)
	a, b := make([][]float64, n), make([][]float64, n)
	for i := range x {
		x[i], u[i] = []float32{float32(r.NormFloat64()), float32(r.NormFloat64())}, r.NormFloat64()
	}
	for i := range x {
		for j := range x {
			a[i] = append(a[i], math.Hypot(float64(x[i][0])-float64(x[j][0]), float64(x[i][1])-float64(x[j][1])))
			b[i] = append(b[i], math.Abs(u[i]-u[j]))
		}
	}
	centre := func(m [][]float64) [][]float64 {
		rows, all := make([]float64, n), 0.0
		for i := range m {
			for _, v := range m[i] {
				rows[i] += v / n
				all += v / n / n
			}
		}
		out := make([][]float64, n)
		for i := range m {
			for j, v := range m[i] {
				out[i] = append(out[i], v-rows[i]-rows[j]+all)
			}
		}
		return out
	}
	a, b = centre(a), centre(b)
	want := 0.0
	for i := range a {
		for j := range a[i] {
			want += a[i][j] * b[i][j] / n / n
		}
	}
	if got := distanceCovariance(x, u, 1, nil); !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("got %v, the definition gives %v", got, want)
	}
	// A square depends on its root without being correlated with it.
	var root [][]float32
	var square, other []float64
	for i := range 200 {
		v := float64(i)/100 - 1
		root, square, other = append(root, []float32{float32(v)}), append(square, v*v), append(other, r.NormFloat64())
	}
	if dependent, independent := distanceCovariance(root, square, 1, nil), distanceCovariance(root, other, 1, nil); dependent < 2*independent {
		t.Errorf("distance covariance of a dependent attribute is %v, of an independent one %v", dependent, independent)
	}
}
