package data

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// A Scorer is a network that gives every sample of a batch its scores, without masks; engine.Sizes is one. They are valid until
// the next call. It is an error if the network does not take a shape.
type Scorer interface {
	Scores(x []pixels.Source, shapes []net.Shape) ([][]float32, error)
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
		scores, err := n.Scores(batch.X, batch.Shapes)
		if err == nil {
			err = batch.Err()
		}
		if err != nil {
			return err
		}
		if err := show(batch, scores); err != nil {
			return err
		}
	}
}
