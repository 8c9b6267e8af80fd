package patchwork

import (
	"math"

	"gonum.org/v1/gonum/interp"
	"gonum.org/v1/gonum/mat"
)

// neglected is the part of the variance that is left out: 1/256 of float32's rounding.
const neglected = 0x1p-32

// upscaledRoot returns a matrix A, [fine, rank], such that A z with standard normals z is a process of covariance
// exp(-r²/2l²) on that many points from 0 to 1, interpolated with cubic splines at that many fine points from 0 to 1. For a
// low rank, the part `neglected` of the variance is left out.
func upscaledRoot(points, fine int, l float64) (root []float64, rank int) {
	cov := mat.NewSymDense(points, nil)
	for i := range points {
		for j := i; j < points; j++ {
			r := float64(j-i) / float64(points-1) / l
			cov.SetSym(i, j, math.Exp(-r*r/2))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		panic("patchwork: eigenvalues of a covariance do not converge")
	}
	values := eigen.Values(nil) // ascending; those that rounding made negative are neglected
	last, tail := 0, 0.0
	for last < points-1 && tail+math.Abs(values[last]) <= neglected*float64(points) {
		tail += math.Abs(values[last])
		last++
	}
	rank = points - last
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	base := mat.NewDense(points, rank, nil)
	for j := range rank {
		column := points - 1 - j
		sign := 1.0
		for i := range points { // a vector's sign is arbitrary: its first element that is more than rounding is made positive
			if v := vectors.At(i, column); math.Abs(v) > 1e-6 {
				sign = math.Copysign(1, v)
				break
			}
		}
		for i := range points {
			base.Set(i, j, sign*math.Sqrt(values[column])*vectors.At(i, column))
		}
	}
	if fine == points {
		return base.RawMatrix().Data, rank
	}
	out := mat.NewDense(fine, rank, nil)
	for j := range rank {
		out.SetCol(j, upscale(mat.Col(nil, j, base), fine))
	}
	return out.RawMatrix().Data, rank
}

// upscale interpolates y, given at equal distances, at n points over the same range with the cubic spline whose third
// derivative is continuous at the second and the second to last point ("not a knot"). FITPACK, which the code of 2018
// uses, has the same spline.
func upscale(y []float64, n int) []float64 {
	at := make([]float64, len(y))
	for i := range at {
		at[i] = float64(i)
	}
	var spline interp.NotAKnotCubic
	if err := spline.Fit(at, y); err != nil {
		panic("patchwork: " + err.Error())
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = spline.Predict(float64(i) * float64(len(y)-1) / float64(n-1))
	}
	return out
}
