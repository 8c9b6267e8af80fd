package data

import (
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// noise is samples of noise with labels 0 and 1 in turn, where they lie or, converted, read into buffers.
type noise struct {
	x         [][]float32
	labels    []int
	converted bool
	err       error // of reading
}

const noiseSize = 8 * 8

func newNoise(n int, seed uint64) *noise {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &noise{}
	for i := range n {
		x := make([]float32, noiseSize)
		for j := range x {
			x[j] = float32(r.NormFloat64())
		}
		s.x, s.labels = append(s.x, x), append(s.labels, i%2)
	}
	return s
}

func (s *noise) Len() int        { return len(s.x) }
func (s *noise) Label(i int) int { return s.labels[i] }
func (s *noise) InPlace() bool   { return !s.converted }
func (s *noise) Err() error      { return s.err }
func (s *noise) Sample(i int) pixels.Source {
	m := &pixels.Memory{Values: s.x[i], Count: noiseSize}
	if s.converted {
		return inFile{m}
	}
	return m
}

// inFile is a sample that is not in memory.
type inFile struct{ pixels.Source }

// noiseOnce gives the samples one after the other, and takes their memory back.
type noiseOnce struct {
	*noise
	at, out int // samples given, and not released
}

func (s *noiseOnce) Next() (pixels.Source, int, error) {
	if s.at == s.Len() {
		return nil, 0, io.EOF
	}
	s.at++
	s.out++
	if s.converted {
		return s.Sample(s.at - 1), s.labels[s.at-1], nil
	}
	return &pixels.Memory{Values: slices.Clone(s.x[s.at-1]), Count: noiseSize}, s.labels[s.at-1], nil
}

func (s *noiseOnce) Release(x pixels.Source) {
	s.out--
	if m, ok := x.(*pixels.Memory); ok {
		clear(m.Values)
	}
}

func fingerprint(t *testing.T, s *noise) Fingerprint {
	t.Helper()
	f, err := All(s).Fingerprint(noiseShape)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A fingerprint is another one for a change of any value that it looks at, of a label, of the order and of the number.
func TestFingerprint(t *testing.T) {
	base := newNoise(6, 1)
	print := fingerprint(t, base)
	if other := fingerprint(t, newNoise(6, 1)); other != print {
		t.Error("the same data have two fingerprints")
	}
	const digest = "53a880eecbf63c74fe89f79b812dfd69" // that of runs in the past
	if text, _ := print.MarshalText(); string(text) != digest {
		t.Errorf("the fingerprint is %s, was %s", text, digest)
	}
	text, _ := print.MarshalText()
	var back Fingerprint
	if err := back.UnmarshalText(text); err != nil || back != print {
		t.Errorf("%s is read as %v, %v", text, back, err)
	}
	if err := back.UnmarshalText([]byte("abc")); err == nil {
		t.Error("abc: no error")
	}
	for what, change := range map[string]func(*noise){
		"first value": func(s *noise) { s.x[0][0]++ },
		"last value":  func(s *noise) { s.x[5][noiseSize-1]++ },
		"label":       func(s *noise) { s.labels[3]++ },
		"order":       func(s *noise) { s.x[0], s.x[2] = s.x[2], s.x[0] },
		"number":      func(s *noise) { s.x = s.x[:5] },
	} {
		s := newNoise(6, 1)
		change(s)
		if fingerprint(t, s) == print {
			t.Errorf("%s: the same fingerprint", what)
		}
	}
	large := make([]float32, 1<<20)
	sample, shape := &pixels.Memory{Values: large, Count: 1 << 18}, net.Shape{C: 4, W: 1 << 18}
	print = Fingerprint{}.add(sample, shape, shape, 0)
	large[1<<19] = 1
	if (Fingerprint{}).add(sample, shape, shape, 0) == print {
		t.Error("the middle of a large sample is not looked at")
	}
}
