package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"backdrop/lib/loss"
	"backdrop/lib/net"
)

// The names of rows that are measured before the others.
const (
	oneField    = "one field of 8192²"
	aucMemory   = "AUC with its interval of 10⁷ scores in files"
	trainMemory = "training `crisp` 1024² with masks, batch 1, from a mapped `.npy`"
)

// ownTable prints times and memory of work for which there is no other program.
func ownTable(memory memories) bool {
	side := 1024
	if *once {
		side = 256
	}
	rows := slices.Concat(areas(side), sampleAxis(), []row{
		{"`crisp` 1024², batch 1, masks 0.3 and 0.95, training step", func() []string {
			one, all := newBench(preset("crisp")(side), 1, "xent", 1), newBench(preset("crisp")(side), 1, "xent", *threads)
			ms := turns([]contender{again(one.step), again(all.step)})
			return []string{fmt.Sprintf("%s ms with one thread, %s ms with %d", cell(ms[0]), cell(ms[1]), *threads)}
		}},
		{"`auc-sqhinge` of 10⁶ scores, with its gradient", func() []string { return milliseconds(median(hinge())) }},
		{"texture of two scales, 1024², in a stream compressed with zstd", func() []string {
			return milliseconds(median(gpgen("se", side, "--format", "stream")))
		}},
		{oneField, func() []string {
			return []string{cell(median(func() float64 { return largeField().ms })) + " ms, " + megabytes(memory.field)}
		}},
		{aucMemory, func() []string { return []string{megabytes(memory.auc)} }},
		{trainMemory, func() []string { return []string{megabytes(memory.train)} }},
	})
	return table([]string{"work", "takes"}, rows)
}

// sampleAxis returns rows of the time of steps over many samples of which a mask keeps a share. A step keeps other samples
// than the one before it, but nearly as many.
func sampleAxis() (rows []row) {
	batch := 2000
	if *once {
		batch = 100
	}
	for _, share := range []struct {
		name string
		kept float64
	}{{"all", 1}, {"a quarter", 1.0 / 4}, {"1/16", 1.0 / 16}} {
		rows = append(rows, row{"step over 2,000 images of 28², a mask keeps " + share.name, func() []string {
			text, err := os.ReadFile("examples/mnist/net.txt")
			check(err)
			n, err := net.Parse(string(text))
			check(err)
			n.Layers[n.Backdrops()[0]].P = 1 - share.kept
			return milliseconds(median(newBench(n, batch, "auc-sqhinge", *threads).step) * float64(batch))
		}})
	}
	return rows
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
