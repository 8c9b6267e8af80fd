package data

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// A Scorer is a network that gives every sample of a batch its scores, valid until the next call; engine.Runner is one.
// Without masks, it evaluates.
type Scorer interface {
	Forward(x []pixels.Source, masks net.Masks) [][]float32
}

// Evaluate takes the batches that are left of an epoch through a network, without masks, and shows each with its scores. before,
// if there is one, is called before each of them. An error of either, or of reading samples, ends it.
func Evaluate(n Scorer, b Batches, before func(b *Batch) error, show func(b *Batch, scores [][]float32) error) error {
	for {
		batch, err := b.Next()
		if err != nil || batch.Len() == 0 {
			return err
		}
		if before != nil {
			if err := before(batch); err != nil {
				return err
			}
		}
		scores := n.Forward(batch.X, nil)
		if err := batch.Err(); err != nil {
			return err
		}
		if err := show(batch, scores); err != nil {
			return err
		}
	}
}
