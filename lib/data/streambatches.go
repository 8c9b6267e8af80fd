package data

import (
	"fmt"

	"backdrop/lib/rng"
	"backdrop/lib/scale"
)

// StreamBatches are batches of the samples of a stream as they come: one epoch, one batch in memory.
type StreamBatches struct {
	batch  Batch
	stream Stream
	o      Options
	used   Used
	held   [][]float32 // values of the batch that belong to the stream
}

// NewStreamBatches returns the batches of a stream.
func NewStreamBatches(s Stream, o Options) *StreamBatches {
	return &StreamBatches{batch: Batch{copies: !o.Augment.None()}, stream: s, o: o}
}

// Start passes over the samples that were used before, which must be the same.
func (b *StreamBatches) Start(_ int, before Used) error {
	for b.used.Samples < before.Samples {
		x, _, err := b.read()
		if ended(err) {
			return fmt.Errorf("data: the stream ends after %d samples, but the checkpoint has used %d", b.used.Samples, before.Samples)
		}
		if err != nil {
			return err
		}
		b.stream.Release(x)
	}
	if b.used.Fingerprint != before.Fingerprint {
		return fmt.Errorf("data: the first %d samples of the stream are not those that the checkpoint was made from", before.Samples)
	}
	return nil
}

// Verify reads the stream of a run that is finished, which must be the one that it was made from.
func (b *StreamBatches) Verify(all Used) error {
	if err := b.Start(0, all); err != nil {
		return err
	}
	switch _, _, err := b.stream.Next(); {
	case ended(err):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("data: the stream goes on behind the %d samples that the checkpoint was made from", all.Samples)
}

// read takes the next sample of the stream.
func (b *StreamBatches) read() (x []float32, label int, err error) {
	if x, label, err = b.stream.Next(); err != nil {
		return nil, 0, err
	}
	if b.o.Fingerprint {
		b.used.Fingerprint = b.used.Fingerprint.add(x, label)
	}
	b.used.Samples++
	return x, label, nil
}

// Next returns the next batch.
func (b *StreamBatches) Next() (*Batch, error) {
	for _, x := range b.held {
		b.stream.Release(x)
	}
	b.held = b.held[:0]
	b.batch.clear()
	for b.batch.Len() < b.o.Size {
		number := b.used.Samples
		x, label, err := b.read()
		if ended(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		if b.o.Augment.None() {
			b.held = append(b.held, x)
			b.batch.add(x, label, number)
			continue
		}
		dst := b.batch.buffer(b.o.Augment.Shape(b.o.Shape).Len())
		b.o.Augment.apply(dst, x, b.o.Shape, rng.New(b.o.Seed, rng.Augment, 0, uint64(number)))
		b.stream.Release(x)
		b.batch.add(dst, label, number)
	}
	if b.batch.Len() == 0 {
		return &b.batch, nil
	}
	n := b.Normalisation() // a Normaliser has seen the samples of the first batch now
	for _, x := range b.batch.X {
		n.Apply(x, x)
	}
	return &b.batch, nil
}

// Steps is not known.
func (b *StreamBatches) Steps() int { return 0 }

// Used says which samples the stream has given so far.
func (b *StreamBatches) Used() Used { return b.used }

// Normalisation is what the stream has chosen, or that of the options. It may be asked for once a batch was read or passed
// over.
func (b *StreamBatches) Normalisation() scale.Normalisation {
	if n, ok := b.stream.(Normaliser); ok {
		return n.Normalisation()
	}
	return b.o.Normalisation
}
