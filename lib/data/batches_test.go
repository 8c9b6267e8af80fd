package data

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

var noiseShape = net.Shape{C: 1, H: 8, W: 8}

// gathered are all samples of some batches.
type gathered struct {
	x       [][]float32
	labels  []int
	numbers []int
	sizes   []int
}

func gather(t *testing.T, b Batches) gathered {
	t.Helper()
	shape := noiseShape
	switch b := b.(type) {
	case *SetBatches:
		shape = b.o.Augment.Shape(shape)
	case *OnceBatches:
		shape = b.o.Augment.Shape(shape)
	}
	var g gathered
	for {
		batch, err := b.Next()
		if err != nil {
			t.Fatal(err)
		}
		if batch.Len() == 0 {
			return g
		}
		for _, x := range batch.X {
			g.x = append(g.x, make([]float32, shape.Len()))
			pixels.Read(g.x[len(g.x)-1], x, shape.C)
		}
		g.labels, g.numbers, g.sizes = append(g.labels, batch.Labels...), append(g.numbers, batch.Numbers...), append(g.sizes, batch.Len())
	}
}

// An epoch has every sample once, in batches of the size that was asked for, where they lie or read into buffers.
func TestSetBatches(t *testing.T) {
	for _, converted := range []bool{false, true} {
		source := newNoise(10, 1)
		source.converted = converted
		source.labels[4] = 2
		set := &Set{Table: source, Numbers: []int{9, 2, 4, 5, 6, 7, 1}, Target: Target{OneVsRest: true, Positive: 2}, Attributes: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
		b := NewSetBatches(set, Options{Shape: noiseShape, Size: 3, Attributes: true})
		first, err := b.Next()
		if err != nil || !slices.Equal(first.Attributes, []float64{9, 2, 4}) {
			t.Errorf("attributes %v, %v", first.Attributes, err)
		}
		if m := first.X[0].(*pixels.Memory); (&m.Values[0] == &source.x[9][0]) == converted { // small ones are read into buffers
			t.Errorf("converted %v, in place %v", converted, !converted)
		}
		if err := b.Start(1, Used{}); err != nil {
			t.Fatal(err)
		}
		g := gather(t, b)
		if !slices.Equal(g.numbers, set.Numbers) || !slices.Equal(g.labels, []int{0, 0, 1, 0, 0, 0, 0}) || !slices.Equal(g.sizes, []int{3, 3, 1}) || b.Steps() != 3 {
			t.Errorf("%+v, %d steps", g, b.Steps())
		}
		for i, x := range g.x {
			if !slices.Equal(x, source.x[g.numbers[i]]) {
				t.Errorf("sample %d has other values", i)
			}
		}
	}
	if b := NewSetBatches(All(newNoise(10, 1)), Options{Shape: noiseShape}); b.Steps() != 1 || !slices.Equal(gather(t, b).sizes, []int{10}) {
		t.Error("size 0 is not all samples")
	}
}

// The order of an epoch depends on the seed and the epoch, and can be begun behind samples that were used; what happens to a
// sample does not depend on where it stands.
func TestShuffledBatches(t *testing.T) {
	source := newNoise(10, 1)
	o := Options{Shape: noiseShape, Size: 4, Seed: 5, Shuffle: true, Augment: Augment{Roll: true}, Normalisation: scale.Normalisation{Mean: []float32{1}, Std: []float32{2}}}
	epoch := func(o Options, number, used int) gathered {
		b := NewSetBatches(All(source), o)
		if err := b.Start(number, Used{Samples: used}); err != nil {
			t.Fatal(err)
		}
		return gather(t, b)
	}
	whole := epoch(o, 2, 0)
	rest := epoch(o, 2, 4)
	if !reflect.DeepEqual(rest.x, whole.x[4:]) || !slices.Equal(rest.numbers, whole.numbers[4:]) {
		t.Error("an epoch that is begun behind 4 samples goes on otherwise")
	}
	if sorted := slices.Clone(whole.numbers); slices.IsSorted(sorted) {
		t.Error("not shuffled")
	}
	other := o
	other.Seed = 6
	if slices.Equal(epoch(o, 3, 0).numbers, whole.numbers) || slices.Equal(epoch(other, 2, 0).numbers, whole.numbers) {
		t.Error("another epoch or seed has the same order")
	}
	plain := o
	plain.Shuffle = false
	ordered := epoch(plain, 2, 0)
	for i, n := range whole.numbers {
		if !slices.Equal(whole.x[i], ordered.x[n]) {
			t.Errorf("sample %d is augmented by its place", n)
		}
	}
	err := NewSetBatches(All(source), o).Start(2, Used{Samples: 11})
	if err == nil || !strings.Contains(err.Error(), "has used 11 samples of epoch 3, but there are 10") {
		t.Errorf("got %v", err)
	}
	if !slices.Equal(source.x[0], newNoise(10, 1).x[0]) {
		t.Error("the source was changed")
	}
}

// Large samples stay where they are, whatever is done to them: in a table and one after the other, with the values of small ones.
func TestLargeSamplesStay(t *testing.T) {
	defer func(was int) { pixels.Small = was }(pixels.Small)
	for _, augment := range []Augment{{}, {Flip: true, Roll: true}, {Crop: dims.Square(5)}} {
		for _, n := range []scale.Normalisation{{}, {Mean: []float32{1}, Std: []float32{2}}} {
			source := newNoise(10, 1)
			source.converted = true
			o := Options{Shape: noiseShape, Size: 4, Seed: 5, Augment: augment, Normalisation: n, Fingerprint: true}
			pixels.Small = noiseSize
			want := gather(t, NewSetBatches(All(source), o))
			pixels.Small = 10
			b, once := NewSetBatches(All(source), o), &noiseOnce{noise: source}
			if got := gather(t, b); !reflect.DeepEqual(got, want) {
				t.Errorf("%v, %v: other batches", augment, n)
			}
			if got := gather(t, NewOnceBatches(once, o)); !reflect.DeepEqual(got, want) || once.out != 0 {
				t.Errorf("%v, %v: other batches, one after the other; %d are not released", augment, n, once.out)
			}
			for _, v := range b.batch.views {
				if v.memory.Values != nil {
					t.Errorf("%v, %v: a copy", augment, n)
				}
			}
		}
	}
}

// A stream gives the batches of the set, and gets all memory back but that of the last batch.
func TestOnceBatches(t *testing.T) {
	for _, augment := range []Augment{{}, {Flip: true}, {Crop: dims.Square(5)}} {
		source := newNoise(10, 1)
		o := Options{Shape: noiseShape, Size: 4, Seed: 5, Augment: augment, Normalisation: scale.Normalisation{Mean: []float32{1}, Std: []float32{2}}, Fingerprint: true}
		want := gather(t, NewSetBatches(All(source), o))
		s := &noiseOnce{noise: source}
		b := NewOnceBatches(s, o)
		if got := gather(t, b); !reflect.DeepEqual(got, want) {
			t.Errorf("%v: other batches", augment)
		}
		if s.out != 0 {
			t.Errorf("%v: %d samples were not released", augment, s.out)
		}
		if used := b.Used(); used != (Used{10, fingerprint(t, source)}) {
			t.Errorf("%v: used %+v", augment, used)
		}
	}
}

// A stream goes on behind the samples that were used, which must be the same, and ends where it ended.
func TestOnceGoesOn(t *testing.T) {
	source := newNoise(10, 1)
	o := Options{Shape: noiseShape, Size: 4, Fingerprint: true}
	start := func(n *noise) *OnceBatches { return NewOnceBatches(&noiseOnce{noise: n}, o) }
	whole := start(source)
	want := gather(t, whole)
	first := start(source)
	if _, err := first.Next(); err != nil {
		t.Fatal(err)
	}
	b := start(source)
	if err := b.Start(0, first.Used()); err != nil {
		t.Fatal(err)
	}
	if got := gather(t, b); !reflect.DeepEqual(got.x, want.x[4:]) || !slices.Equal(got.numbers, want.numbers[4:]) || b.Used() != whole.Used() {
		t.Errorf("numbers %v, used %+v", got.numbers, b.Used())
	}
	short := &noise{x: source.x[:3], labels: source.labels[:3]}
	for want, err := range map[string]error{
		"are not those that the checkpoint":                            start(newNoise(10, 2)).Start(0, first.Used()),
		"the stream ends after 3 samples, but the checkpoint has used": start(short).Start(0, first.Used()),
		"the stream goes on behind the 4 samples":                      start(source).Verify(first.Used()),
		"": start(source).Verify(whole.Used()),
	} {
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// chooser is a stream that chooses its normalisation by its first samples.
type chooser struct {
	noiseOnce
	asked []int // after how many samples
}

func (c *chooser) Normalisation() scale.Normalisation {
	c.asked = append(c.asked, c.at)
	return scale.Normalisation{Mean: []float32{3}, Std: []float32{0.5}}
}

func TestNormaliser(t *testing.T) {
	c := &chooser{noiseOnce: noiseOnce{noise: newNoise(10, 1)}}
	b := NewOnceBatches(c, Options{Shape: noiseShape, Size: 4})
	got := gather(t, b)
	o := Options{Shape: noiseShape, Size: 4, Normalisation: scale.Normalisation{Mean: []float32{3}, Std: []float32{0.5}}}
	if want := gather(t, NewSetBatches(All(c.noise), o)); !reflect.DeepEqual(got, want) {
		t.Error("other batches")
	}
	if c.asked[0] != 4 {
		t.Errorf("asked after %d samples, want 4", c.asked[0])
	}
	if !reflect.DeepEqual(b.Normalisation(), o.Normalisation) {
		t.Errorf("normalisation %+v", b.Normalisation())
	}
}

// sums is a network whose score is the sum of a sample's values.
type sums struct{ t *testing.T }

func (s sums) Scores(x []pixels.Source, shapes []net.Shape) ([][]float32, error) {
	if len(shapes) != len(x) {
		s.t.Errorf("%d shapes of %d samples", len(shapes), len(x))
	}
	var scores [][]float32
	for _, v := range x {
		sum := float32(0)
		for i := range noiseSize {
			sum += pixels.At(v, 0, i)
		}
		scores = append(scores, []float32{sum})
	}
	return scores, nil
}

// Every sample is evaluated once; an error of the source, before a batch or when it is shown ends it.
func TestEvaluate(t *testing.T) {
	source := newNoise(10, 1)
	o := Options{Shape: noiseShape, Size: 4}
	before, scores := 0, []float32{}
	show := func(b *Batch, s [][]float32) error {
		for _, v := range s {
			scores = append(scores, v[0])
		}
		if b.Len() != len(s) {
			t.Errorf("%d samples, %d scores", b.Len(), len(s))
		}
		return nil
	}
	if err := Evaluate(sums{t}, NewSetBatches(All(source), o), func(*Batch) error { before++; return nil }, show); err != nil {
		t.Fatal(err)
	}
	want := []float32{}
	all, _ := (sums{t}).Scores(pixels.InMemory(source.x, 1), make([]net.Shape, len(source.x)))
	for _, v := range all {
		want = append(want, v[0])
	}
	if before != 3 || !slices.Equal(scores, want) {
		t.Errorf("called before %d batches, scores %v, want %v", before, scores, want)
	}
	stop := errors.New("stop")
	stops := func(*Batch) error { return stop }
	if err := Evaluate(sums{t}, NewSetBatches(All(source), o), stops, show); err != stop {
		t.Errorf("before a batch: %v", err)
	}
	if err := Evaluate(sums{t}, NewSetBatches(All(source), o), nil, func(*Batch, [][]float32) error { return stop }); err != stop {
		t.Errorf("when it is shown: %v", err)
	}
	bad := newNoise(10, 1)
	if bad.err = errors.New("cut"); Evaluate(sums{t}, NewSetBatches(All(bad), o), nil, func(*Batch, [][]float32) error { return stop }) != bad.err {
		t.Error("scores of samples that could not be read are shown")
	}
	if err := Evaluate(sums{t}, NewOnceBatches(&cut{noiseOnce{noise: source}}, o), nil, show); err != io.ErrUnexpectedEOF {
		t.Errorf("of the source: %v", err)
	}
}

// cut is a stream that ends in the middle.
type cut struct{ noiseOnce }

func (c *cut) Next() (pixels.Source, int, error) {
	if c.at == 6 {
		return nil, 0, io.ErrUnexpectedEOF
	}
	return c.noiseOnce.Next()
}

func TestTarget(t *testing.T) {
	if got := (Target{}).Of(7); got != 7 {
		t.Errorf("all classes: %d", got)
	}
	one := Target{OneVsRest: true, Positive: 7}
	if one.Of(7) != 1 || one.Of(1) != 0 || one.Of(0) != 0 {
		t.Error("one against the rest")
	}
}
