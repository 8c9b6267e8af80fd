package engine

import "backdrop/lib/net"

// Flops returns the floating-point operations of the convolutions and linear layers in the last step: forward for the
// batch, and backward where the gradient survives the masks, without the gradient with respect to the input.
func (r *Runner) Flops() (forward, backward float64) {
	for n := range r.count {
		for t := range r.nodes {
			s := &r.nodes[t]
			if !s.isConv() {
				continue
			}
			work := 2 * float64(s.terms()) * float64(s.out.C) // of an output pixel
			forward += work * float64(s.out.Size().Product())
			if r.masks == nil {
				continue
			}
			if t >= r.body {
				if r.head.position[t][n] >= 0 {
					backward += work
				}
				if t > r.lowest && r.head.position[t-1][n] >= 0 {
					backward += work
				}
				continue
			}
			sample := r.batch[n]
			backward += work * float64(sample.grad[t].Area())
			if s.inputs[0] >= r.lowest {
				backward += work * float64(r.into(sample.survivors, t, 0).Area()) / float64(net.Size(s.stride).Product())
			}
		}
	}
	return forward, backward
}
