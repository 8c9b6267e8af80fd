package optim

import "math"

// adam is Adam (D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1) with an L2
// penalty λ added to the gradient, as torch.optim.Adam:
//
//	g ← g + λp
//	m ← β₁m + (1−β₁)g
//	v ← β₂v + (1−β₂)g²
//	p ← p − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
//
// or AdamW (I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2), where in place
// of the penalty p shrinks by lr·λ·p first, as torch.optim.AdamW.
func (o *Optimizer) adam(p, g, m, v []float32, lr float64) {
	c := o.config
	rate := lr / (1 - math.Pow(c.Beta1, float64(o.Steps)))
	correct := 1 / (1 - math.Pow(c.Beta2, float64(o.Steps))) // a product takes a fraction of a quotient's time
	penalty, shrink := c.WeightDecay, 1.0
	if c.Name == "adamw" {
		penalty, shrink = 0, 1-lr*c.WeightDecay
	}
	for i, gi := range g {
		x := float64(p[i])
		d := float64(gi) + penalty*x
		mi := c.Beta1*float64(m[i]) + (1-c.Beta1)*d
		vi := c.Beta2*float64(v[i]) + (1-c.Beta2)*d*d
		m[i], v[i] = float32(mi), float32(vi)
		p[i] = float32(shrink*x - rate*mi/(math.Sqrt(vi*correct)+c.Eps))
	}
}
