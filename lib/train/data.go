package train

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"backdrop/lib/net"
	"backdrop/lib/rng"
	"backdrop/lib/scale"
)

// Data are labelled samples at hand by number.
type Data interface {
	Len() int
	X(i int, buf []float32) []float32 // C,H,W order; either a view or buf filled
	Label(i int) int
}

// Attributed are samples with a number beside the label, for losses that look at it.
type Attributed interface {
	Data
	Attribute(i int) float64
}

// Stream gives labelled samples one after the other; x may be used again by the next call. io.EOF ends it.
type Stream interface {
	Next() (x []float32, label int, err error)
}

// Scaled is a stream that says what its samples go through first when those of the first step are read: in place of what
// Config says.
type Scaled interface {
	Stream
	Normalisation() scale.Normalisation
}

// Subset is the samples of Data with the given numbers.
type Subset struct {
	Data
	Numbers []int
}

func (s Subset) Len() int                         { return len(s.Numbers) }
func (s Subset) X(i int, buf []float32) []float32 { return s.Data.X(s.Numbers[i], buf) }
func (s Subset) Label(i int) int                  { return s.Data.Label(s.Numbers[i]) }
func (s Subset) Attribute(i int) float64          { return s.Data.(Attributed).Attribute(s.Numbers[i]) }

// numberIn is the number of sample i of d in the data that d may be a part of.
func numberIn(d Data, i int) int {
	if part, ok := d.(Subset); ok {
		return part.Numbers[i]
	}
	return i
}

// Split holds out the given fraction of every class for validation, rounded to whole samples but for one at least to
// train on, chosen by seed. Both parts keep the order of the data.
func Split(d Data, fraction float64, seed uint64) (train, val Subset) {
	byClass := map[int][]int{}
	classes := []int{}
	for i := range d.Len() {
		label := d.Label(i)
		if byClass[label] == nil {
			classes = append(classes, label)
		}
		byClass[label] = append(byClass[label], i)
	}
	slices.Sort(classes)
	train.Data, val.Data = d, d
	for _, label := range classes {
		numbers := byClass[label]
		rng.New(seed, rng.Split, uint64(label)).Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
		held := min(int(math.Round(fraction*float64(len(numbers)))), len(numbers)-1)
		val.Numbers = append(val.Numbers, numbers[:held]...)
		train.Numbers = append(train.Numbers, numbers[held:]...)
	}
	slices.Sort(train.Numbers)
	slices.Sort(val.Numbers)
	return train, val
}

// batches reads a batch at a time.
type batches interface {
	// start begins an epoch, behind the samples that were taken of it already.
	start(epoch int, p Partial) error
	// next returns the next batch of the epoch; an empty one at its end.
	next() (*batch, error)
	// steps is the number of batches of an epoch; 0 if that is not known.
	steps() int
	// all is what a finished epoch leaves to tell the data by, if they cannot be looked at again.
	all() Partial
	// number is the number, in the data, of a sample of the last batch.
	number(i int) int
}

// batch holds the memory of one batch.
type batch struct {
	x         [][]float32
	labels    []int
	attribute []float64 // if the loss needs it
	print     Print     // of a stream up to here
	buffer    [][]float32
	views     bool // samples are used where they are, and need no buffer
}

// room returns the memory of the next sample of the batch.
func (b *batch) room(in net.Shape) []float32 {
	if b.views {
		return nil
	}
	if len(b.x) == len(b.buffer) {
		b.buffer = append(b.buffer, make([]float32, in.Len()))
	}
	return b.buffer[len(b.x)]
}

// take makes b the samples from ≤ i < to of d, as far as there are.
func (b *batch) take(d Data, from, to int, in net.Shape, n scale.Normalisation) {
	b.reset()
	for i := from; i < min(to, d.Len()); i++ {
		dst := b.room(in)
		b.x, b.labels = append(b.x, n.Apply(dst, d.X(i, dst))), append(b.labels, d.Label(i))
	}
}

func (b *batch) reset() { b.x, b.labels, b.attribute = b.x[:0], b.labels[:0], b.attribute[:0] }

// table gives every sample once an epoch, in an order drawn from (seed, epoch) or, if there is one epoch only, in that of
// the data, as a stream does.
type table struct {
	*batch
	data   Data
	config *Config
	shape  net.Shape
	epoch  int
	order  []int
	at     int
	whole  []float32 // a sample before it is changed
}

func newTable(d Data, in net.Shape, c *Config) *table {
	t := &table{batch: &batch{views: c.views(inPlace(d))}, data: d, config: c, shape: in}
	if c.Augment != (Augment{}) && !inPlace(d) {
		t.whole = make([]float32, in.Len())
	}
	return t
}

// size is the number of samples of a batch.
func (s *table) size() int {
	if s.config.Batch == 0 {
		return max(1, s.data.Len())
	}
	return s.config.Batch
}

func (s *table) steps() int { return (s.data.Len()-1)/s.size() + 1 }

func (s *table) all() Partial { return Partial{} }

func (s *table) number(i int) int {
	return numberIn(s.data, s.order[s.at-len(s.x)+i])
}

func (s *table) start(epoch int, p Partial) error {
	s.epoch, s.at = epoch, p.Samples
	s.order = s.order[:0]
	for i := range s.data.Len() {
		s.order = append(s.order, i)
	}
	if s.config.Epochs > 1 {
		rng.New(s.config.Seed, rng.Shuffle, uint64(epoch)).Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
	}
	if s.at > len(s.order) {
		return fmt.Errorf("train: the checkpoint has used %d samples of epoch %d, but there are %d", s.at, epoch+1, len(s.order))
	}
	return nil
}

func (s *table) next() (*batch, error) {
	s.reset()
	for len(s.x) < s.size() && s.at < len(s.order) {
		i := s.order[s.at]
		dst := s.room(s.config.Augment.shape(s.shape))
		var x []float32
		if s.config.Augment == (Augment{}) {
			x = s.data.X(i, dst)
		} else {
			r := rng.New(s.config.Seed, rng.Augment, uint64(s.epoch), uint64(i))
			s.config.Augment.apply(dst, s.data.X(i, s.whole), s.shape, r)
			x = dst
		}
		s.x = append(s.x, s.config.Normalisation.Apply(dst, x))
		s.labels = append(s.labels, s.data.Label(i))
		if s.config.Loss.NeedsAttribute() {
			s.attribute = append(s.attribute, s.data.(Attributed).Attribute(i))
		}
		s.at++
	}
	return s.batch, nil
}

// streamed takes samples as they come: one epoch, one batch in memory.
type streamed struct {
	*batch
	stream Stream
	config *Config
	shape  net.Shape
	count  uint64
}

func newStreamed(s Stream, in net.Shape, c *Config) *streamed {
	return &streamed{batch: &batch{}, stream: s, config: c, shape: in}
}

func (s *streamed) steps() int { return 0 }

func (s *streamed) all() Partial { return Partial{Samples: int(s.count), Print: s.print} }

// isAll reads the stream of a run that is finished, which must be the one it was made from.
func (s *streamed) isAll(p Partial) error {
	if err := s.start(0, p); err != nil {
		return err
	}
	switch _, _, err := s.stream.Next(); {
	case ended(err):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("train: the stream goes on behind the %d samples that the checkpoint was made from", p.Samples)
}

func (s *streamed) number(i int) int { return int(s.count) - len(s.x) + i }

// start passes over the samples that were taken already.
func (s *streamed) start(_ int, p Partial) error {
	for ; s.count < uint64(p.Samples); s.count++ {
		x, label, err := s.stream.Next()
		if ended(err) {
			return fmt.Errorf("train: the stream ends after %d samples, but the checkpoint has used %d", s.count, p.Samples)
		}
		if err != nil {
			return err
		}
		s.print = s.print.add(x, label)
	}
	if s.print != p.Print {
		return fmt.Errorf("train: the first %d samples of the stream are not those that the checkpoint was made from", p.Samples)
	}
	return nil
}

// ended reports whether err is the end of a stream that is whole.
func ended(err error) bool { return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) }

func (s *streamed) next() (*batch, error) {
	s.reset()
	for len(s.x) < s.config.Batch {
		x, label, err := s.stream.Next()
		if ended(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		s.print = s.print.add(x, label)
		dst := s.room(s.config.Augment.shape(s.shape))
		if s.config.Augment == (Augment{}) {
			copy(dst, x)
		} else {
			s.config.Augment.apply(dst, x, s.shape, rng.New(s.config.Seed, rng.Augment, 0, s.count))
		}
		s.x, s.labels = append(s.x, dst), append(s.labels, label)
		s.count++
	}
	if scaled, ok := s.stream.(Scaled); ok && len(s.x) > 0 {
		s.config.Normalisation = scaled.Normalisation()
	}
	for _, x := range s.x {
		s.config.Normalisation.Apply(x, x)
	}
	return s.batch, nil
}
