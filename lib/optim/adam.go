package optim

import "math"

// adam is torch.optim.Adam.
var adam = Method{
	Name:    "adam",
	Default: Config{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8},
	takes:   []hyperparameter{beta1, beta2, eps},
	state:   adamState,
	update:  func(u update) { u.adam(u.WeightDecay, 1) },
}

// adamw is torch.optim.AdamW, whose weight decay is apart from the gradient.
var adamw = Method{
	Name:    "adamw",
	Default: Config{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01},
	takes:   []hyperparameter{beta1, beta2, eps},
	state:   adamState,
	update:  func(u update) { u.adam(0, 1-float64(u.lr*u.WeightDecay)) },
}

// adamState is m and v.
func adamState(Config) []string { return []string{"exp_avg", "exp_avg_sq"} }

// adam takes a step of Adam (D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1) with
// an L2 penalty λ added to the gradient:
//
//	g ← g + λp
//	m ← β₁m + (1−β₁)g
//	v ← β₂v + (1−β₂)g²
//	p ← p − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
//
// In AdamW (I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2) there is no penalty;
// p shrinks by lr·λ·p first instead.
func (u *update) adam(penalty, shrink float64) {
	p, m, v := u.p, u.state[0].Data, u.state[1].Data
	b1, b2, eps := u.Beta1, u.Beta2, u.Eps
	rate := u.lr / (1 - math.Pow(b1, float64(u.step)))
	correct := 1 / (1 - math.Pow(b2, float64(u.step))) // a product takes a fraction of a quotient's time
	for i, gi := range u.g {
		x := float64(p[i])
		d := float64(gi) + float64(penalty*x)
		mi := float64(b1*float64(m[i])) + float64((1-b1)*d)
		vi := float64(b2*float64(v[i])) + float64((1-b2)*d*d)
		m[i], v[i] = float32(mi), float32(vi)
		p[i] = float32(float64(shrink*x) - rate*mi/(math.Sqrt(vi*correct)+eps))
	}
}
