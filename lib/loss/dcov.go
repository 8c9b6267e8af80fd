package loss

import "math"

// dcov is the dependence of the scores on an attribute of the samples.
var dcov = penalty{name: "dcov", attribute: true, of: distanceCovariance}

// distanceCovariance is the squared distance covariance of scores and attributes, 0 when they are independent:
//
//	1/n² Σₖₗ aₖₗ·Bₖₗ,   aₖₗ = |xₖ − xₗ|,   Bₖₗ = bₖₗ − b̄ₖ − b̄ₗ + b̄,   bₖₗ = |tₖ − tₗ|
//
// (G. J. Székely, M. L. Rizzo, N. K. Bakirov, "Measuring and Testing Dependence by Correlation of Distances", Annals of
// Statistics 35, 2007, eq. 2.8–2.9; as a penalty on a classifier: G. Kasieczka, D. Shih, "Robust Jet Classifiers
// through Distance Correlation", PRL 125, 2020). It takes O(n²K).
func distanceCovariance(x [][]float32, t []float64, weight float64, dx [][]float64) float64 {
	n := float64(len(x))
	mean := make([]float64, len(t))
	all := 0.0
	for k, a := range t {
		for _, b := range t {
			mean[k] += math.Abs(a-b) / n
		}
		all += mean[k] / n
	}
	total := 0.0
	for k, a := range x {
		for l, b := range x[:k] {
			square := 0.0
			for c, v := range a {
				d := float64(v) - float64(b[c])
				square += float64(d * d)
			}
			if square == 0 {
				continue // the distance is 0, and so is the subgradient taken
			}
			distance := math.Sqrt(square)
			centred := (math.Abs(t[k]-t[l]) - mean[k] - mean[l] + all) * 2 / (n * n)
			total += float64(distance * centred)
			if dx == nil {
				continue
			}
			for c, v := range a {
				g := weight * centred * (float64(v) - float64(b[c])) / distance
				dx[k][c] += g
				dx[l][c] -= g
			}
		}
	}
	return max(total, 0)
}
