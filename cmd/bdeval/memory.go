package main

import (
	"fmt"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/engine"
	"backdrop/lib/machine"
	"backdrop/lib/metric"
	"backdrop/lib/pixels"
)

// judging bounds the bytes that it takes to judge n samples: scores and labels that are copied, what figures are computed from,
// intervals, and curves.
func (sc *scored) judging(n int, c *config) float64 {
	k := float64(sc.columns)
	threads := float64(sc.threads)
	each := 16.0 // keys of scores that are sorted, and their copies
	if sc.copied {
		each += 8
	}
	if sc.narrow {
		each -= 8 // ranked by keys of 4 bytes
	}
	switch {
	case sc.inPlace:
	case sc.narrow:
		each += 4
	case sc.columns == 1:
		each += 8
	default:
		each += 8*k + 8*k + 8 + 4*k + 8*min(k, threads) // scores, log-odds, classes predicted, orders, and while these are made
		if sc.columns == 2 || sc.positive != "" {
			each += 16 // one class against the rest
		}
	}
	if sc.positive != "" {
		each += 8 // labels of two classes
	}
	if sc.whole {
		each += 40 * k // a list that grows, of those that may become ties
	}
	if c.ci > 0 {
		each += 8 + 8*threads
	}
	for _, curve := range []int{rocCurve, prCurve} {
		if c.curves[curve] != "" {
			each += metric.PointSize
			if sc.columns > 2 && sc.positive == "" {
				each += 32 // each class against the rest
			}
		}
	}
	return float64(n)*each + worstBytes*float64(min(n, c.worst))
}

// worstBytes bounds what --worst keeps of a sample, besides its picture.
const worstBytes = 512

// fits refuses n samples that there is no memory to judge.
func (sc *scored) fits(n int, c *config) error {
	c.Outside(sc.mapped)
	need := sc.judging(n, c) + float64(sc.mapped+sc.read)
	return tool.Fits(fmt.Sprintf("judging %d samples of %d scores", n, sc.columns), need, "fewer samples")
}

// fitsBoth refuses other scores of the samples that there is no memory to compare with.
func (sc *scored) fitsBoth(other *scored, c *config) error {
	c.Outside(sc.mapped + other.mapped)
	each := 40.0 // ranks of the samples by both, and what computing them takes
	if !sc.narrow || !other.narrow {
		each = 56
	}
	n := sc.len()
	need := sc.judging(n, c) + other.judging(n, c) + float64(sc.mapped+sc.read+other.mapped+other.read) + each*float64(n)
	return tool.Fits(fmt.Sprintf("comparing two scores of %d samples", n), need, "fewer samples")
}

// network bounds what it takes to load a model and to take a batch of samples through it, which the source holds besides. Samples
// that stay in their file take nothing.
func (e *evaluation) network(threads, batch int) (float64, error) {
	work, err := engine.ForwardMemory(e.model.Net, batch, threads)
	weights := 0
	for _, p := range e.model.Weights.Params {
		weights += 8 * p.Size() // and gradients, which are not used
	}
	heap, mapped := e.source.Held()
	need := float64(work.Total()+heap+mapped) + float64(weights) + e.photos
	if !e.inFile {
		need += 4 * float64(batch) * float64(e.largest.Len())
	}
	if err == nil && e.differ {
		work, err = engine.SizesMemory(e.model.Net, e.largest, batch, threads)
		need += float64(work.Total())
	}
	return need, err
}

// plan finds out how many samples are taken at a time, on how many threads: as many as the flags say, or as fit where they
// do not say it. The first sample has shown what the source holds.
func (e *evaluation) plan(c *config) error {
	have, _ := machine.Memory()
	if n := e.source.Most(); n > 0 {
		e.size = min(e.size, n)
	}
	for {
		need, err := e.network(e.threads, e.size)
		if err != nil {
			return err
		}
		switch {
		case need <= float64(have):
			_, mapped := e.source.Held()
			c.Outside(mapped)
			e.need = need
			return nil
		case e.size > 1 && !c.batchSet:
			e.size /= 2
		case c.MemoryLimited() && e.threads > 1:
			e.threads /= 2
		default:
			what, try := "the network, with %d samples at a time,", "a smaller --batch"
			if e.size == 1 {
				what, try = "the network, with %d sample at a time,", "smaller samples"
				if sample := 4 * float64(e.largest.Len()); !e.inFile && need-sample <= float64(have) && e.largest.Len() > pixels.Small {
					try = "samples in a plain tar or a .npy on disk, where they are read in place"
				}
			}
			if need-e.photos <= float64(have) {
				try = "a smaller --worst"
			}
			return tool.Fits(fmt.Sprintf(what, e.size), need, try)
		}
	}
}

// fits refuses more samples than there is memory for: while they are read, when lists that grow are there twice, or when they
// are judged.
func (e *evaluation) fits(c *config) error {
	const growing = 2.25
	n := e.len()
	held := growing * 8 * float64(e.columns+1) * float64(n)
	return tool.Fits(fmt.Sprintf("judging %d samples of %d scores", n, e.columns), max(e.need+held, e.judging(n, c)), "fewer samples")
}
