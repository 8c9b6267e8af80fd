package gp

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"backdrop/lib/dims"

	"gonum.org/v1/gonum/mat"
)

// matrix is the covariance of all points of a Spec's shape, straight from the kernel.
func matrix(s Spec, kernel Kernel, l Length) *mat.SymDense {
	lengths := l.Along(len(s.Shape))
	points := dims.Count(s.Shape)
	known := map[string]float64{}
	out := mat.NewSymDense(points, nil)
	for p := range points {
		for q := range p + 1 {
			lag := lagOf(p, q, s.Shape)
			key := fmt.Sprint(lag)
			v, ok := known[key]
			if !ok && s.Open {
				v = kernel.Open(lag, lengths)
			} else if !ok {
				v = kernel.Torus(lag, s.Shape, lengths)
			}
			known[key] = v
			if p == q {
				v += s.Nugget
			}
			out.SetSym(p, q, v)
		}
	}
	return out
}

// The eigenvalues of a torus are those that a dense solver finds.
func TestEigenvaluesOfDenseMatrix(t *testing.T) {
	for _, kernel := range kernels {
		for _, shape := range [][]int{{13}, {6, 7}, {3, 4, 5}} {
			l := Length{1.3}
			var eigen mat.EigenSym
			if !eigen.Factorize(matrix(Spec{Shape: shape}, kernel, l), false) {
				t.Fatal("no eigenvalues")
			}
			want := eigen.Values(nil)
			got := kernel.Eigenvalues(shape, l.Along(len(shape)))
			slices.Sort(got)
			for i := range got {
				if !(math.Abs(got[i]-want[i]) <= 1e-12*float64(len(got))) {
					t.Errorf("%v, shape %v: eigenvalue %d is %g, want %g", kernel, shape, i, got[i], want[i])
				}
			}
		}
	}
}

// mahalanobis returns the mean over draws of xᵀC⁻¹x for a claimed covariance C, by Cholesky's factorisation.
func mahalanobis(t *testing.T, s *Sampler, draws int, c *mat.SymDense) float64 {
	var chol mat.Cholesky
	if !chol.Factorize(c) {
		t.Fatal("the covariance is not positive definite")
	}
	points := c.SymmetricDim()
	x, solved := mat.NewVecDense(points, nil), mat.NewVecDense(points, nil)
	sum := 0.0
	drawRaw(s, draws, func(f []float32) {
		for p, v := range f {
			x.SetVec(p, float64(v))
		}
		if err := chol.SolveVecTo(solved, x); err != nil {
			t.Fatal(err)
		}
		sum += mat.Dot(x, solved)
	})
	return sum / float64(draws)
}

// Draws are normal with the covariance they should have: xᵀC⁻¹x has the mean of a chi-square with as many degrees of
// freedom as there are points, and another one for a wrong length. The nugget keeps C well conditioned.
func TestDrawsAgainstDenseMatrix(t *testing.T) {
	const draws, nugget = 1000, 0.05
	for _, kernel := range kernels {
		for _, shape := range [][]int{{61}, {9, 8}, {4, 3, 5}} {
			if testing.Short() && len(shape) != 2 {
				continue
			}
			for _, open := range []bool{false, true} {
				spec := Spec{Shape: shape, Scales: [][]Length{{{2}}}, Kernel: kernel, Open: open, Nugget: nugget, Raw: true, Seed: 3}
				s := sampler(t, spec)
				points := float64(dims.Count(shape))
				// 24 deviations exceed 4 standard errors with probability 24·6.3e-5 = 0.0015.
				tolerance := 4 * math.Sqrt(2*points/draws)
				name := fmt.Sprintf("%v, shape %v, open %v", kernel, shape, open)
				if got := mahalanobis(t, s, draws, matrix(spec, kernel, Length{2})); !(math.Abs(got-points) <= tolerance) {
					t.Errorf("%s: xᵀC⁻¹x is %.2f, want %g ± %.2f", name, got, points, tolerance)
				}
				if got := mahalanobis(t, s, draws, matrix(spec, kernel, Length{3})); !(math.Abs(got-points) > tolerance) {
					t.Errorf("%s: length 3 passes for 2", name)
				}
			}
		}
	}
}
