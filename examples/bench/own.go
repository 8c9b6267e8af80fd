package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"backdrop/lib/loss"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// ownTable prints times and memory of work for which there is no other program.
func ownTable(memory memories) {
	side := 1024
	if *once {
		side = 256
	}
	head("work", "takes")
	areas(side)
	sampleAxis()
	one, all := newBench("crisp", side, 1, true, 1), newBench("crisp", side, 1, true, *threads)
	ms := turns([]contender{again(one.step), again(all.step)})
	line("`crisp` 1024², batch 1, masks 0.3 and 0.95, training step", fmt.Sprintf("%s ms with one thread, %s ms with %d", cell(ms[0]), cell(ms[1]), *threads))
	line("`auc-sqhinge` of 10⁶ scores, with its gradient", cell(median(hinge()))+" ms")
	line("texture of two scales, 1024², in a stream compressed with zstd", cell(median(gpgen("se", side, "--format", "stream")))+" ms")
	line("one field of 8192²", cell(median(func() float64 { return largeField().ms }))+" ms, "+megabytes(memory.field))
	line("AUC with its interval of 10⁷ scores in files", megabytes(memory.auc))
	line("training `crisp` 1024² with masks, batch 1, from a mapped `.npy`", megabytes(memory.train))
}

// areas prints the time of the backward pass alone for masks that keep a share of the image: some of the 4×4 coarse
// cells, or a quarter of one cell for 1/64.
func areas(side int) {
	b := newBench("crisp", side, 1, true, *threads)
	at := b.net.Backdrops()
	for _, share := range []struct {
		name         string
		coarse, fine int // coarse cells, and the side of the block of fine cells in each
	}{{"all", 16, 8}, {"half", 8, 8}, {"a quarter", 4, 8}, {"1/16", 1, 8}, {"1/64", 1, 4}} {
		coarse, fine := make([]bool, 16), make([]bool, 32*32)
		for i := range coarse {
			coarse[i] = i < share.coarse
		}
		for i := range fine {
			fine[i] = i/32%8 < share.fine && i%8 < share.fine
		}
		axes := mask.H | mask.W
		masks := net.Masks{
			at[0]: mask.New(axes, [5]int{1, 64, 1, 32, 32}, fine),
			at[1]: mask.New(axes, [5]int{1, 64, 1, 4, 4}, coarse),
		}
		ms := median(func() float64 {
			b.runner.Forward(b.x, masks)
			start := time.Now()
			b.runner.Backward([][]float32{{0.1, -0.1, 0.2, -0.2}}, nil)
			return time.Since(start).Seconds() * 1e3
		})
		line("backward pass of `crisp` 1024², the gradient survives on "+share.name, cell(ms)+" ms")
	}
}

// sampleAxis prints the time of steps over many samples of which a mask keeps a share. A step keeps other samples than the
// one before it, but nearly as many.
func sampleAxis() {
	text, err := os.ReadFile("examples/mnist/net.txt")
	check(err)
	n, err := net.Parse(string(text))
	check(err)
	batch := 2000
	if *once {
		batch = 100
	}
	for _, share := range []struct {
		name string
		kept float64
	}{{"all", 1}, {"a quarter", 1.0 / 4}, {"1/16", 1.0 / 16}} {
		n.Layers[n.Backdrops()[0]].P = 1 - share.kept
		ms := median(benchOf(n, batch, "auc-sqhinge", *threads).step) * float64(batch)
		line("step over 2,000 images of 28², a mask keeps "+share.name, cell(ms)+" ms")
	}
}

// hinge returns a function that computes the squared hinge loss of all pairs of scores.
func hinge() func() float64 {
	n := 1_000_000
	if *once {
		n = 1000
	}
	l, err := loss.New(loss.Config{Name: "auc-sqhinge"}, 1)
	check(err)
	batch, grads := loss.Batch{}, make([][]float32, n)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		batch.Scores, batch.Labels = append(batch.Scores, []float32{float32(rnd.NormFloat64())}), append(batch.Labels, i%2)
		grads[i] = make([]float32, 1)
	}
	return func() float64 {
		start := time.Now()
		_, err := l.Grad(batch, grads)
		check(err)
		return time.Since(start).Seconds() * 1e3
	}
}
