package optim

import "errors"

// sgd is gradient descent, with momentum unless that is 0, as torch.optim.SGD.
var sgd = Method{
	Name:  "sgd",
	takes: []hyperparameter{momentum},
	state: momentumState,
	update: func(u update) {
		if u.Momentum == 0 {
			u.descend()
		} else {
			u.descendWithMomentum(false)
		}
	},
}

// nesterov is gradient descent with Nesterov's momentum, as torch.optim.SGD, which wants the momentum to be given: here it
// is 0.9 by default.
var nesterov = Method{
	Name:    "nesterov",
	Default: Config{Momentum: 0.9},
	takes:   []hyperparameter{momentum},
	check: func(c Config) error {
		if c.Momentum == 0 {
			return errors.New("optim: nesterov needs a positive momentum, such as 0.9")
		}
		return nil
	},
	state:  momentumState,
	update: func(u update) { u.descendWithMomentum(true) },
}

// momentumState is the state of SGD: none without momentum.
func momentumState(c Config) []string {
	if c.Momentum == 0 {
		return nil
	}
	return []string{"momentum_buffer"}
}

// descend takes a step with an L2 penalty λ, as torch.optim.SGD without momentum:
//
//	p ← p − lr·(g + λp)
func (u *update) descend() {
	p, decay, lr := u.p, u.WeightDecay, u.lr
	for i, gi := range u.g {
		x := float64(p[i])
		p[i] = float32(x - float64(lr*(float64(gi)+float64(decay*x))))
	}
}

// descendWithMomentum takes a step of torch.optim.SGD with momentum μ (dampening 0), which multiplies the learning rate
// last, unlike I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, eq. 1–4:
//
//	b ← μb + g + λp
//	p ← p − lr·b                 or, by Nesterov's rule,
//	p ← p − lr·(g + λp + μb)
func (u *update) descendWithMomentum(nesterov bool) {
	p, b := u.p, u.state[0].Data
	mu, decay, lr := u.Momentum, u.WeightDecay, u.lr
	for i, gi := range u.g {
		x := float64(p[i])
		d := float64(gi) + float64(decay*x)
		bi := float64(mu*float64(b[i])) + d
		b[i] = float32(bi)
		if nesterov {
			d += float64(mu * bi)
		} else {
			d = bi
		}
		p[i] = float32(x - float64(lr*d))
	}
}
