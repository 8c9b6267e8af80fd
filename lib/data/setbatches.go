package data

import (
	"fmt"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/rng"
	"backdrop/lib/scale"
)

// SetBatches are batches of a set, each sample once an epoch.
type SetBatches struct {
	batch Batch
	set   *Set
	o     Options
	epoch int
	order []int // of the epoch; nil: that of the set
	at    int
}

// NewSetBatches returns the batches of a set. Unless they are shuffled, they are at the start of epoch 0.
func NewSetBatches(s *Set, o Options) *SetBatches {
	return &SetBatches{batch: Batch{err: s.Table.Err}, set: s, o: o}
}

// Start begins an epoch.
func (b *SetBatches) Start(epoch int, before Used) error {
	n := b.set.Len()
	b.epoch, b.at = epoch, before.Samples
	if b.at > n {
		return fmt.Errorf("data: the checkpoint has used %d samples of epoch %d, but there are %d", b.at, epoch+1, n)
	}
	if !b.o.Shuffle {
		return nil
	}
	b.order = b.order[:0]
	for i := range n {
		b.order = append(b.order, i)
	}
	rng.New(b.o.Seed, rng.Shuffle, uint64(epoch)).Shuffle(n, func(i, j int) { b.order[i], b.order[j] = b.order[j], b.order[i] })
	return nil
}

// Next returns the next batch. It never fails.
func (b *SetBatches) Next() (*Batch, error) {
	b.batch.clear()
	for ; b.batch.Len() < b.size() && b.at < b.set.Len(); b.at++ {
		i := b.at
		if b.order != nil {
			i = b.order[i]
		}
		if b.o.Attributes {
			b.batch.Attributes = append(b.batch.Attributes, b.set.Attribute(i))
		}
		x, shape := b.see(i)
		b.batch.add(x, shape, b.set.Label(i), b.set.Number(i))
	}
	return &b.batch, nil
}

// see returns sample i as the batch has it, and its shape.
func (b *SetBatches) see(i int) (pixels.Source, net.Shape) {
	x, v := b.set.Sample(i), b.batch.view(b.batch.Len())
	shape := b.set.Shape(i, b.o.Shape)
	out := b.o.Augment.Shape(shape)
	if !b.o.Augment.None() {
		v.window.draw(x, shape, b.o.Augment, rng.New(b.o.Seed, rng.Augment, uint64(b.epoch), uint64(i)))
		x = &v.window
	}
	if !b.o.Normalisation.None() {
		v.normalised = normalised{x, b.o.Normalisation}
		x = &v.normalised
	}
	if b.o.Copies(shape, b.set.InPlace()) {
		return v.buffer(x, out), out
	}
	return x, out
}

// size is the number of samples of a batch.
func (b *SetBatches) size() int {
	if b.o.Size == 0 {
		return max(1, b.set.Len())
	}
	return b.o.Size
}

// Steps is the number of batches of an epoch.
func (b *SetBatches) Steps() int { return (b.set.Len()-1)/b.size() + 1 }

// Used is zero.
func (b *SetBatches) Used() Used { return Used{} }

// Normalisation is that of the options.
func (b *SetBatches) Normalisation() scale.Normalisation { return b.o.Normalisation }
