package data

import (
	"backdrop/lib/net"
	"backdrop/lib/scale"
)

// Options say how samples become batches.
type Options struct {
	Shape         net.Shape // of the samples as they come
	Size          int       // samples of a batch; of a Set, 0: all
	Seed          uint64    // of all that is random
	Shuffle       bool      // a Set is used in an order drawn from (Seed, epoch)
	Augment       Augment
	Normalisation scale.Normalisation // after that; a Normaliser chooses its own
	Attributes    bool                // batches have them
	Fingerprint   bool                // Used has the fingerprint of what a OnePass gave
}

// Copies reports whether batches hold copies of the samples of a table; if not, they hold what Table.X returns.
func (o Options) Copies(inPlace bool) bool {
	return !inPlace || !o.Augment.None() || !o.Normalisation.None()
}

// A Batch is samples as a network takes them.
type Batch struct {
	X          [][]float32
	Labels     []int
	Attributes []float64 // if Options ask for them
	Numbers    []int     // of the samples, in the table or as they came

	copies  bool        // samples are copied into buffers
	buffers [][]float32 // at least as many as there are samples, if they are copied
}

// Len is the number of samples.
func (b *Batch) Len() int { return len(b.X) }

// buffer returns the memory for the next sample of the batch, which has that many elements; nil if it is not copied.
func (b *Batch) buffer(elements int) []float32 {
	if !b.copies {
		return nil
	}
	if len(b.X) == len(b.buffers) {
		b.buffers = append(b.buffers, make([]float32, elements))
	}
	return b.buffers[len(b.X)]
}

// add appends a sample.
func (b *Batch) add(x []float32, label, number int) {
	b.X, b.Labels, b.Numbers = append(b.X, x), append(b.Labels, label), append(b.Numbers, number)
}

// clear makes the batch empty.
func (b *Batch) clear() {
	b.X, b.Labels, b.Attributes, b.Numbers = b.X[:0], b.Labels[:0], b.Attributes[:0], b.Numbers[:0]
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
