package data

import (
	"slices"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// Options say how samples become batches.
type Options struct {
	Shape         net.Shape // of the samples as they come, unless Set.Shapes or a Sized says it
	Size          int       // samples of a batch; of a Set, 0: all
	Seed          uint64    // of all that is random
	Shuffle       bool      // a Set is used in an order drawn from (Seed, epoch)
	Augment       Augment
	Normalisation scale.Normalisation // after that; a Normaliser chooses its own
	Attributes    bool                // batches have them
	Fingerprint   bool                // Used has the fingerprint of what a OnePass gave
}

// Copies reports whether batches hold copies of samples of a table that have that shape, which they do only of small ones, where
// something is done to the values each time they are read. Else they hold views of what Table.Sample returns.
func (o Options) Copies(s net.Shape, inPlace bool) bool {
	return small(o.Augment.Shape(s)) && (!inPlace || !o.Augment.None() || !o.Normalisation.None())
}

// A Batch is samples as a network takes them.
type Batch struct {
	X          []pixels.Source
	Shapes     []net.Shape // of X
	Labels     []int
	Attributes []float64 // if Options ask for them
	Numbers    []int     // of the samples, in the table or as they came

	views []*view // at least as many as there are samples, if something is done to them
	err   func() error
}

// Len is the number of samples.
func (b *Batch) Len() int { return len(b.X) }

// Alike returns the samples of the batch that have the shape of sample i, with their scores.
func (b *Batch) Alike(i int, scores [][]float32) (*Batch, [][]float32) {
	if !slices.ContainsFunc(b.Shapes, func(s net.Shape) bool { return s != b.Shapes[i] }) {
		return b, scores
	}
	alike, theirs := &Batch{err: b.err}, [][]float32(nil)
	for j, shape := range b.Shapes {
		if shape == b.Shapes[i] {
			alike.add(b.X[j], shape, b.Labels[j], b.Numbers[j])
			theirs = append(theirs, scores[j])
		}
	}
	return alike, theirs
}

// Err says why samples could not be read, in this batch or before; nil if they could. Whoever uses a result that depends on the
// batch asks first.
func (b *Batch) Err() error { return b.err() }

// view returns the view of the sample with that number in the batch.
func (b *Batch) view(i int) *view {
	for len(b.views) <= i {
		b.views = append(b.views, new(view))
	}
	return b.views[i]
}

// add appends a sample.
func (b *Batch) add(x pixels.Source, shape net.Shape, label, number int) {
	b.X, b.Shapes = append(b.X, x), append(b.Shapes, shape)
	b.Labels, b.Numbers = append(b.Labels, label), append(b.Numbers, number)
}

// clear makes the batch empty.
func (b *Batch) clear() {
	b.X, b.Shapes, b.Labels, b.Attributes, b.Numbers = b.X[:0], b.Shapes[:0], b.Labels[:0], b.Attributes[:0], b.Numbers[:0]
}

// Batches gives samples batch by batch, an epoch after the other.
type Batches interface {
	// Start begins an epoch, from 0, behind the samples of it that were used before.
	Start(epoch int, before Used) error

	// Next returns the next batch, valid until the call after; at the end of the epoch it is empty.
	Next() (*Batch, error)

	// Steps is the number of batches of an epoch; 0 if it is not known.
	Steps() int

	// Used says which samples a OnePass has given so far; of a Set, which can be looked at again, it is zero.
	Used() Used

	// Normalisation is what the samples of the last batch went through.
	Normalisation() scale.Normalisation
}

// Used are samples of an epoch that were used: how many and, of a OnePass, which.
type Used struct {
	Samples     int
	Fingerprint Fingerprint
}
