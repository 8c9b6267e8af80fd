package main

import (
	"bytes"
	"testing"

	"backdrop/internal/testkit/drawtest"
	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// taken is a gradient that the test gives instead of a network.
type taken struct{ *gradient }

func (taken) look(*step) error { return nil }

func picture(t testing.TB, st *step, l lens) []byte {
	t.Helper()
	s, err := st.sheet(l)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoldenMasks(t *testing.T) {
	network, err := net.Preset("crisp", net.Shape{C: 1, H: 64, W: 64}, 4)
	if err != nil {
		t.Fatal(err)
	}
	st, err := newStep(&input{title: "crisp", net: network, seed: 1}, &config{request: request{step: 3, batch: 1}, pinned: []pin{{"coarse", 2, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	drawtest.Golden(t, "testdata/masks.png", picture(t, st, nil))
}

// Two samples with masks of their own, one with means over channels, one with an identity; a gradient with zeros
// only, which is dark and not of the middle colour.
func TestGoldenBatch(t *testing.T) {
	st := newTestStep(t, twoMasks, 2, net.Masks{
		1: mask.New(mask.C|mask.H|mask.W, [5]int{2, 2, 1, 2, 2}, []bool{true, false, false, false, true, true, false, false}),
		3: mask.New(mask.N, [5]int{2, 2, 1, 1, 1}, []bool{true, false}),
	})
	ramp := draw.NewField(4, 4)
	for i := range ramp.Data {
		ramp.Data[i] = float32(i)
	}
	g := taken{&gradient{fields: []draw.Field{ramp, draw.NewField(4, 4)}, names: []string{"sample a of class 0", "sample b of class 1"}, loss: 0.5, kind: "weights of a test"}}
	drawtest.Golden(t, "testdata/batch.png", picture(t, st, g))
}

func TestCover(t *testing.T) {
	g := net.Geometries{{}, {Field: 12, Stride: 4}, {Field: 12, Stride: 4}}
	for axes, want := range map[mask.Axes]string{
		mask.N | mask.H | mask.W: "a cell covers 4×4 px and sees 12×12 px",
		mask.H:                   "a cell covers 4 rows and sees 12",
		mask.C | mask.W:          "a cell covers 4 columns and sees 12",
		mask.N | mask.C:          "a cell covers the whole input",
	} {
		m := new(mask.Mask)
		m.Draw(mask.Coord{}, 0.5, axes, [5]int{2, 2, 1, 8, 8})
		if got := cover(m, g); got != want {
			t.Errorf("%v: got %q, want %q", axes, got, want)
		}
	}
}

func TestSheetRowsAndColumns(t *testing.T) {
	const head = "input c=1 h=8 w=8\n"
	const tail = "gap\nlinear out=2\n"
	some := taken{&gradient{}}
	for range 20 {
		some.fields, some.names = append(some.fields, draw.NewField(8, 8)), append(some.names, "name")
	}
	for _, c := range []struct {
		name            string
		layers          string
		batch           int
		l               lens
		panels, columns int
	}{
		{"one mask needs no product", "backdrop name=a p=0.5 axes=HW\n", 1, nil, 1, 0},
		{"two masks and their product", "backdrop name=a p=0.5 axes=HW\nbackdrop name=b p=0.5 axes=HW\n", 1, nil, 3, 0},
		{"masks shared by the batch", "backdrop name=a p=0.5 axes=HW\n", 5, nil, 1, 0},
		{"a row a sample", "backdrop name=a p=0.5 axes=NHW\n", 5, nil, 5, 1},
		{"gradients differ anyway", "backdrop name=a p=0.5 axes=HW\n", 5, some, 10, 2},
		{"the first eight", "backdrop name=a p=0.5 axes=N\n", 20, some, 16, 2},
		{"an identity has no panel", "backdrop name=a p=0.5 axes=NHW\nbackdrop name=b p=0 axes=HW\n", 3, some, 6, 2},
		{"nothing but identities", "backdrop name=a p=0 axes=NHW\nbackdrop name=b p=0 axes=HW\n", 3, nil, 3, 0},
		{"dropout has no panel", "dropout p=0.5\nbackdrop name=a p=0.5 axes=HW\n", 3, nil, 1, 0},
	} {
		s, err := newTestStep(t, head+c.layers+tail, c.batch, nil).sheet(c.l)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Panels) != c.panels || s.Columns != c.columns {
			t.Errorf("%s: got %d panels in %d columns, want %d in %d", c.name, len(s.Panels), s.Columns, c.panels, c.columns)
		}
	}
}

func BenchmarkSheet1024(b *testing.B) {
	network, err := net.Preset("crisp", net.Shape{C: 1, H: 1024, W: 1024}, 4)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		st, err := newStep(&input{title: "crisp", net: network, seed: 1}, &config{request: request{batch: 1}})
		if err != nil {
			b.Fatal(err)
		}
		picture(b, st, nil)
	}
}
