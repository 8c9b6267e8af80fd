package loss

import "math"

// mmd is the distance of the scores from a standard normal distribution.
var mmd = penalty{name: "mmd", of: normalDiscrepancy}

// normalDiscrepancy is the squared maximum mean discrepancy between the scores, taken as K-dimensional codes, and the
// standard normal distribution, with the kernel exp(−|x−y|²/2h²), h² = K:
//
//	1/n² Σᵢⱼ k(xᵢ,xⱼ) − 2/n Σᵢ (h²/(h²+1))^(K/2) exp(−|xᵢ|²/2(h²+1)) + (h²/(h²+2))^(K/2)
//
// (A. Gretton et al., "A Kernel Two-Sample Test", JMLR 13, 2012, eq. 5; the expectations over the normal distribution
// are exact, as in L. Baringhaus, N. Henze, "A consistent test for multivariate normality based on the empirical
// characteristic function", Metrika 35, 1988). It takes O(n²K).
func normalDiscrepancy(x [][]float32, _ []float64, weight float64, dx [][]float64) float64 {
	n, dim := float64(len(x)), float64(len(x[0]))
	h := dim // squared
	norm := func(v float64) float64 { return math.Pow(h/(h+v), dim/2) }
	total := norm(2)
	for i, a := range x {
		for j, b := range x[:i] {
			square := 0.0
			for k, v := range a {
				d := float64(v) - float64(b[k])
				square += float64(d * d)
			}
			e := math.Exp(-square/(2*h)) * 2 / (n * n)
			total += e
			if dx == nil {
				continue
			}
			for k, v := range a {
				g := weight * e * (float64(b[k]) - float64(v)) / h
				dx[i][k] += g
				dx[j][k] -= g
			}
		}
		square := 0.0
		for _, v := range a {
			square += float64(float64(v) * float64(v))
		}
		e := float64(norm(1)*math.Exp(-square/(2*(h+1)))) * 2 / n
		total += 1/(n*n) - e
		if dx == nil {
			continue
		}
		for k, v := range a {
			dx[i][k] += weight * e * float64(v) / (h + 1)
		}
	}
	return max(total, 0) // rounding can leave it below
}
