package data

import (
	"reflect"
	"slices"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// mixed is noise taken for samples of different sizes, of 64 values at most.
type mixed struct {
	*noise
	shapes []net.Shape
}

func newMixed() *mixed {
	m := &mixed{noise: newNoise(9, 1)}
	for i := range m.x {
		shape := []net.Shape{{C: 1, H: 8, W: 8}, {C: 1, H: 5, W: 12}, {C: 1, H: 12, W: 5}}[i%3]
		m.shapes = append(m.shapes, shape)
		m.x[i] = m.x[i][:shape.Len()]
	}
	return m
}

func (m *mixed) Sample(i int) pixels.Source {
	s := &pixels.Memory{Values: m.x[i], Count: len(m.x[i])}
	if m.converted {
		return inFile{s}
	}
	return s
}

// mixedOnce gives them one after the other.
type mixedOnce struct {
	*mixed
	at int
}

func (m *mixedOnce) Next() (pixels.Source, int, error) {
	n := noiseOnce{noise: m.noise, at: m.at}
	_, label, err := n.Next()
	if err != nil {
		return nil, 0, err
	}
	m.at++
	if m.converted {
		return m.Sample(m.at - 1), label, nil
	}
	return &pixels.Memory{Values: slices.Clone(m.x[m.at-1]), Count: len(m.x[m.at-1])}, label, nil
}

func (m *mixedOnce) Release(pixels.Source) {}

func (m *mixedOnce) Shape() net.Shape { return m.shapes[m.at-1] }

// seenSample is what a batch says of a sample.
type seenSample struct {
	shape  net.Shape
	values []float32
	number int
}

func seenIn(t *testing.T, b Batches) (all []seenSample) {
	t.Helper()
	for {
		batch, err := b.Next()
		if err != nil {
			t.Fatal(err)
		}
		if batch.Len() == 0 {
			return all
		}
		for i, x := range batch.X {
			s := seenSample{batch.Shapes[i], make([]float32, batch.Shapes[i].Len()), batch.Numbers[i]}
			pixels.Read(s.values, x, s.shape.C)
			all = append(all, s)
		}
	}
}

// Samples of different sizes have their own shapes in batches, windows of them the same; read once they are what they are in a set,
// in memory and in a file.
func TestBatchesOfSizes(t *testing.T) {
	for _, converted := range []bool{false, true} {
		m := newMixed()
		m.converted = converted
		for _, augment := range []Augment{{}, {Crop: dims.Square(4)}, {Crop: dims.Square(5), Roll: true, Flip: true}} {
			o := Options{Shape: noiseShape, Size: 4, Augment: augment, Seed: 3}
			set := NewSetBatches(&Set{Table: m, Shapes: m.shapes}, o)
			got := seenIn(t, set)
			for i, s := range got {
				if want := augment.Shape(m.shapes[i]); s.shape != want || len(got) != 9 {
					t.Errorf("%v: sample %d of %d is %v, want %v", augment, i, len(got), s.shape, want)
				}
				if augment.None() && !slices.Equal(s.values, m.x[i]) {
					t.Errorf("sample %d has other values", i)
				}
			}
			if once := seenIn(t, NewOnceBatches(&mixedOnce{mixed: m}, o)); !reflect.DeepEqual(once, got) {
				t.Errorf("%v, in a file %v: other samples where they are read once", augment, converted)
			}
		}
	}
}

// shrinking asks for batches of two when its sixth sample is read.
type shrinking struct {
	mixedOnce
	batches *OnceBatches
}

func (s *shrinking) Next() (pixels.Source, int, error) {
	if s.at == 5 {
		s.batches.SetSize(2)
	}
	return s.mixedOnce.Next()
}

// Batches can become smaller while one is read, and no sample is lost.
func TestSetSize(t *testing.T) {
	s := &shrinking{mixedOnce: mixedOnce{mixed: newMixed()}}
	s.batches = NewOnceBatches(s, Options{Shape: noiseShape, Size: 4})
	var sizes []int
	for {
		b, err := s.batches.Next()
		if err != nil {
			t.Fatal(err)
		}
		if b.Len() == 0 {
			break
		}
		sizes = append(sizes, b.Len())
	}
	if !slices.Equal(sizes, []int{4, 2, 2, 1}) {
		t.Errorf("batches of %v", sizes)
	}
}

// The windows of a sample have been drawn from all of it.
func TestWindowsReachEverywhere(t *testing.T) {
	m := newMixed()
	b := NewSetBatches(&Set{Table: m, Shapes: m.shapes}, Options{Shape: noiseShape, Augment: Augment{Crop: dims.Square(4)}, Shuffle: true})
	seen := map[[2]int]bool{} // sample, and the value in the corner
	for epoch := range 400 {
		if err := b.Start(epoch, Used{}); err != nil {
			t.Fatal(err)
		}
		for _, s := range seenIn(t, b) {
			seen[[2]int{s.number, slices.Index(m.x[s.number], s.values[0])}] = true
		}
	}
	if want := 3*5*5 + 6*2*9; len(seen) != want {
		t.Errorf("%d corners, want %d", len(seen), want)
	}
}

// Samples that differ in their shape alone have different fingerprints, and those of one shape the one that they always had.
func TestFingerprintOfSizes(t *testing.T) {
	m := newMixed()
	print := func(shapes []net.Shape) Fingerprint {
		f, err := (&Set{Table: m, Shapes: shapes}).Fingerprint(noiseShape)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	turned := slices.Clone(m.shapes)
	turned[4] = m.shapes[5]
	if print(turned) == print(m.shapes) {
		t.Error("a sample that was turned has the same fingerprint")
	}
	m.noise = newNoise(9, 1)
	if print(slices.Repeat([]net.Shape{noiseShape}, 9)) != fingerprint(t, m.noise) {
		t.Error("another fingerprint where all sizes are the same")
	}
}

func TestLargest(t *testing.T) {
	m := newMixed()
	s := &Set{Table: m, Numbers: []int{1, 3, 4}, Shapes: m.shapes}
	if got := s.Largest(net.Shape{}); got != (net.Shape{C: 1, H: 8, W: 12}) {
		t.Errorf("largest %v", got)
	}
	if got := All(m).Largest(noiseShape); got != noiseShape {
		t.Errorf("without shapes: %v", got)
	}
}
