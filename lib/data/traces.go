package data

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Traces are what fingerprints take of samples that are read once, up to 1 KiB of each, with their labels.
type Traces struct {
	values  [][]byte
	shapes  []net.Shape
	largest net.Shape // the largest extent along each axis
	labels  labels
}

// Add adds the next sample of the data.
func (t *Traces) Add(x pixels.Source, shape net.Shape, label int) {
	if t.Len() == 0 {
		t.largest = shape
	}
	t.largest = t.largest.Max(shape)
	t.values, t.shapes, t.labels = append(t.values, trace(x, shape)), append(t.shapes, shape), append(t.labels, label)
}

// Len is the number of samples.
func (t *Traces) Len() int { return len(t.labels) }

// HeldOut returns the fingerprint of the samples of fold k of n (Set.Fold), of whose labels that target is learned, and their number.
func (t *Traces) HeldOut(k, n int, seed uint64, target Target) (f Fingerprint, count int) {
	_, held := All(t.labels).Fold(k, n, seed)
	held.Target = target
	for i, number := range held.Numbers {
		f = f.addTrace(t.values[number], t.shapes[number], t.largest, held.Label(i))
	}
	return f, held.Len()
}

// labels is a Table without values.
type labels []int

// Len makes labels a Table, as the others do.
func (l labels) Len() int { return len(l) }

// Label is that of a sample.
func (l labels) Label(i int) int { return l[i] }

// Sample is not for a Table without values.
func (l labels) Sample(int) pixels.Source { panic("data: labels have no values") }

// InPlace says that no file is read.
func (l labels) InPlace() bool { return false }

// Err says that there is no file that could change.
func (l labels) Err() error { return nil }
