package loss

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Penalty is a function of the distribution of the scores in a batch, added to a loss.
type Penalty struct {
	Name   string // mmd or dcov
	Weight float64
}

// Penalties are the names that a Penalty can have.
var Penalties = []string{"mmd", "dcov"}

// NeedsAttribute reports whether the penalty looks at an attribute of the samples.
func (p Penalty) NeedsAttribute() bool { return p.Name == "dcov" }

func (p Penalty) validate() error {
	if !slices.Contains(Penalties, p.Name) {
		return fmt.Errorf("loss: unknown penalty %q, want one of %s", p.Name, strings.Join(Penalties, ", "))
	}
	if !(p.Weight >= 0) || math.IsInf(p.Weight, 0) {
		return fmt.Errorf("loss: weight of penalty %s must be finite and not negative, got %v", p.Name, p.Weight)
	}
	return nil
}

// penaltyFunc is a function of scores x [N][K] and attributes t [N]; unless dx is nil it adds weight times its gradient
// to dx.
type penaltyFunc func(x [][]float32, t []float64, weight float64, dx [][]float64) float64

// penalised is a loss with penalties.
type penalised struct {
	loss      Loss
	penalties []Penalty
	dx        [][]float64
}

func newPenalised(l Loss, p []Penalty) Loss { return &penalised{loss: l, penalties: p} }

func (l *penalised) Grad(b Batch, dscores [][]float32) (float64, error) {
	value, err := l.loss.Grad(b, dscores)
	if err != nil || math.IsNaN(value) {
		return value, err
	}
	var dx [][]float64
	if dscores != nil {
		for len(l.dx) < len(dscores) {
			l.dx = append(l.dx, make([]float64, len(dscores[0])))
		}
		dx = l.dx[:len(dscores)]
		for _, d := range dx {
			clear(d)
		}
	}
	for _, p := range l.penalties {
		f := penaltyFunc(normalDiscrepancy)
		if p.NeedsAttribute() {
			if len(b.Attribute) != len(b.Scores) {
				panic("loss: penalty needs an attribute of every sample")
			}
			f = distanceCovariance
		}
		value += p.Weight * f(b.Scores, b.Attribute, p.Weight, dx)
	}
	for i, d := range dx {
		for k, v := range d {
			dscores[i][k] += float32(v)
		}
	}
	return value, nil
}

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
				square += d * d
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
			square += float64(v) * float64(v)
		}
		e := norm(1) * math.Exp(-square/(2*(h+1))) * 2 / n
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
				square += d * d
			}
			if square == 0 {
				continue // the distance is 0, and so is the subgradient taken
			}
			distance := math.Sqrt(square)
			centred := (math.Abs(t[k]-t[l]) - mean[k] - mean[l] + all) * 2 / (n * n)
			total += distance * centred
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
