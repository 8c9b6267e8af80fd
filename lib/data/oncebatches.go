package data

import (
	"fmt"
	"io"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/rng"
	"backdrop/lib/scale"
)

// OnceBatches are batches of samples that can be read once, as they come: one epoch, one batch in memory.
type OnceBatches struct {
	batch   Batch
	samples OnePass
	o       Options
	used    Used
	held    []pixels.Source // samples of the batch, not released yet
}

// NewOnceBatches returns the batches of these samples.
func NewOnceBatches(s OnePass, o Options) *OnceBatches {
	return &OnceBatches{batch: Batch{err: s.Err}, samples: s, o: o}
}

// Start passes over the samples that were used before, which must be the same.
func (b *OnceBatches) Start(_ int, before Used) error {
	for b.used.Samples < before.Samples {
		x, _, err := b.read()
		if err == io.EOF {
			return fmt.Errorf("data: the stream ends after %d samples, but the checkpoint has used %d", b.used.Samples, before.Samples)
		}
		if err != nil {
			return err
		}
		b.samples.Release(x)
	}
	if b.used.Fingerprint != before.Fingerprint {
		return fmt.Errorf("data: the first %d samples of the stream are not those that the checkpoint was made from", before.Samples)
	}
	return nil
}

// Verify reads the samples of a run that is finished, which must be those that it was made from.
func (b *OnceBatches) Verify(all Used) error {
	if err := b.Start(0, all); err != nil {
		return err
	}
	switch _, _, err := b.samples.Next(); err {
	case nil:
	case io.EOF:
		return nil
	default:
		return err
	}
	return fmt.Errorf("data: the stream goes on behind the %d samples that the checkpoint was made from", all.Samples)
}

// shape is that of the sample that was read last.
func (b *OnceBatches) shape() net.Shape {
	if s, ok := b.samples.(Sized); ok {
		return s.Shape()
	}
	return b.o.Shape
}

// read takes the next sample.
func (b *OnceBatches) read() (x pixels.Source, label int, err error) {
	if x, label, err = b.samples.Next(); err != nil {
		return nil, 0, err
	}
	if b.o.Fingerprint {
		b.used.Fingerprint = b.used.Fingerprint.add(x, b.shape(), b.o.Shape, label)
	}
	b.used.Samples++
	return x, label, nil
}

// Next returns the next batch.
func (b *OnceBatches) Next() (*Batch, error) {
	for _, x := range b.held {
		b.samples.Release(x)
	}
	b.held = b.held[:0]
	b.batch.clear()
	for b.batch.Len() < b.o.Size {
		number := b.used.Samples
		x, label, err := b.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		shape := b.shape()
		if b.o.Augment.None() {
			b.held = append(b.held, x)
			b.batch.add(x, shape, label, number)
			continue
		}
		v, out := b.batch.view(b.batch.Len()), b.o.Augment.Shape(shape)
		v.window.draw(x, shape, b.o.Augment, rng.New(b.o.Seed, rng.Augment, 0, uint64(number)))
		if _, there := x.(*pixels.Memory); there || small(out) {
			b.batch.add(v.buffer(&v.window, out), out, label, number)
			b.samples.Release(x)
			continue
		}
		b.held = append(b.held, x)
		b.batch.add(&v.window, out, label, number)
	}
	if b.batch.Len() == 0 {
		return &b.batch, nil
	}
	b.normalise(b.Normalisation()) // a Normaliser has seen the samples of the first batch now
	return &b.batch, nil
}

// normalise normalises the samples of the batch: in memory, where they are, else when they are read.
func (b *OnceBatches) normalise(n scale.Normalisation) {
	if n.None() {
		return
	}
	for i, x := range b.batch.X {
		if m, ok := x.(*pixels.Memory); ok {
			n.Apply(m.Values, m.Values)
			continue
		}
		v := b.batch.view(i)
		v.normalised = normalised{x, n}
		b.batch.X[i] = &v.normalised
	}
}

// SetSize changes the number of samples of a batch. Within Next it holds for the batch that is read.
func (b *OnceBatches) SetSize(n int) { b.o.Size = n }

// Steps is not known.
func (b *OnceBatches) Steps() int { return 0 }

// Used says which samples have been given so far.
func (b *OnceBatches) Used() Used { return b.used }

// Normalisation is what a Normaliser has chosen, or that of the options. It may be asked for once a batch was read or passed
// over.
func (b *OnceBatches) Normalisation() scale.Normalisation {
	if n, ok := b.samples.(Normaliser); ok {
		return n.Normalisation()
	}
	return b.o.Normalisation
}
