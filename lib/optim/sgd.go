package optim

// sgd is gradient descent with an L2 penalty, as torch.optim.SGD without momentum:
//
//	p ← p − lr·(g + λp)
func (o *Optimizer) sgd(p, g []float32, lr float64) {
	decay := o.config.WeightDecay
	for i, gi := range g {
		x := float64(p[i])
		p[i] = float32(x - lr*(float64(gi)+decay*x))
	}
}

// momentum is torch.optim.SGD with momentum μ (dampening 0), which multiplies the learning rate last, unlike I.
// Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, eq. 1–4:
//
//	b ← μb + g + λp
//	p ← p − lr·b                 or, by Nesterov's rule,
//	p ← p − lr·(g + λp + μb)
func (o *Optimizer) momentum(p, g, b []float32, lr float64) {
	mu, decay := o.config.Momentum, o.config.WeightDecay
	nesterov := o.config.Name == "nesterov"
	for i, gi := range g {
		x := float64(p[i])
		d := float64(gi) + decay*x
		bi := mu*float64(b[i]) + d
		b[i] = float32(bi)
		if nesterov {
			d += mu * bi
		} else {
			d = bi
		}
		p[i] = float32(x - lr*d)
	}
}
