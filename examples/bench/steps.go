package main

import (
	"math/rand/v2"
	"time"

	"backdrop/lib/engine"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/pixels"
)

// bench is a network with a batch of noise.
type bench struct {
	net    *net.Network
	runner *engine.Runner
	loss   loss.Loss
	optim  *optim.Optimizer
	w      *net.Weights
	x      []pixels.Source
	labels []int
	grads  [][]float32
	steps  uint64
}

// newBench returns the bench of a network.
func newBench(n *net.Network, batch int, lossName string, threads int) *bench {
	b := &bench{net: n}
	classes, err := n.Classes()
	check(err)
	b.w, err = net.NewWeights(n)
	check(err)
	b.w.Init(1)
	b.runner, err = engine.NewRunner(n, b.w, threads)
	check(err)
	plan, _, err := engine.LargestStep(n, engine.Steps{Batch: batch, Seed: 1, Count: 100}, threads)
	check(err)
	b.runner.Recompute(plan.Recompute()) // as bdtrain does
	b.loss, err = loss.New(loss.Config{Name: lossName}, classes)
	check(err)
	config, err := optim.Default("sgd")
	check(err)
	config.Momentum = 0.9
	var sizes []int
	for _, p := range b.w.Params {
		sizes = append(sizes, len(p.Data))
	}
	b.optim, err = optim.New(config, sizes)
	check(err)
	rnd := rand.New(rand.NewPCG(1, 2))
	var samples [][]float32
	for i := range batch {
		x := make([]float32, n.Input.Len())
		for j := range x {
			x[j] = float32(rnd.NormFloat64())
		}
		samples = append(samples, x)
		b.labels, b.grads = append(b.labels, i%max(classes, 2)), append(b.grads, make([]float32, classes))
	}
	b.x = pixels.InMemory(samples, n.Input.C)
	return b
}

// step takes a whole training step and returns milliseconds a sample.
func (b *bench) step() float64 {
	start := time.Now()
	scores := b.runner.Forward(b.x, b.runner.DrawMasks(1, b.steps, len(b.x)))
	_, err := b.loss.Grad(loss.Batch{Scores: scores, Labels: b.labels}, b.grads)
	check(err)
	b.w.ZeroGrad()
	b.runner.Backward(b.grads, nil)
	var params, grads [][]float32
	for _, p := range b.w.Params {
		params, grads = append(params, p.Data), append(grads, p.Grad)
	}
	b.optim.Step(params, grads, 1e-4)
	b.steps++
	return b.since(start)
}

// evaluate returns milliseconds a sample.
func (b *bench) evaluate() float64 {
	start := time.Now()
	b.runner.Forward(b.x, nil)
	return b.since(start)
}

func (b *bench) since(start time.Time) float64 {
	return time.Since(start).Seconds() * 1e3 / float64(len(b.x))
}

// flops returns the number of operations for one sample in the last step, or in its forward pass alone.
func (b *bench) flops(evaluation bool) float64 {
	forward, backward := b.runner.Flops()
	if evaluation {
		backward = 0
	}
	return (forward + backward) / float64(len(b.x))
}
