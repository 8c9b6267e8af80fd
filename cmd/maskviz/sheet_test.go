package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/drawtest"
	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
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
	st, err := newStep(&input{title: "crisp", net: network, seed: 1}, &config{request: request{step: 3, batch: 1}, pinned: []pin{{"coarse", []int{2, 1}}}})
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
	ramp := draw.NewVolume(1, 4, 4)
	for i := range ramp.Data {
		ramp.Data[i] = float32(i)
	}
	g := taken{&gradient{norms: []*norms{{Volume: ramp, reached: 15}, {Volume: draw.NewVolume(1, 4, 4)}}, names: []string{"sample a of class 0", "sample b of class 1"}, loss: 0.5, kind: "weights of a test", shape: st.net.Input}}
	drawtest.Golden(t, "testdata/batch.png", picture(t, st, g))
}

// Behind group normalisation cells have their own place, and it is said that they see more.
func TestGroupNorm(t *testing.T) {
	const text = "input c=1 h=8 w=8\nconv out=2 kernel=2 stride=2\n%sbackdrop name=m p=0.5 axes=HW\ngap\nlinear out=2"
	masks := net.Masks{2: mask.New(mask.H|mask.W, [5]int{1, 2, 1, 4, 4}, []bool{0: true, 6: true, 15: true})}
	st := newTestStep(t, fmt.Sprintf(text, "groupnorm groups=2\n"), 1, masks)
	plain := newTestStep(t, fmt.Sprintf(text, "relu\n"), 1, masks)
	if got, want := st.product(0).over(st.net.Input, factors), plain.product(0).over(plain.net.Input, factors); !slices.Equal(got.Data, want.Data) {
		t.Errorf("product %v, without group normalisation %v", got.Data, want.Data)
	}
	if notes := st.notes(nil, 1); len(notes) != 2 || !strings.Contains(notes[1], "see all else") || len(plain.notes(nil, 1)) != 1 {
		t.Errorf("notes %q", notes)
	}
}

func TestCover(t *testing.T) {
	g := net.Geometries{{Field: 9, Stride: 2}, {Field: 12, Stride: 4}, {Field: 14, Stride: 5}}
	for _, c := range []struct {
		input string
		axes  mask.Axes
		want  string
	}{
		{"h=8 w=8", mask.N | mask.H | mask.W, "a cell covers 4×5 px and sees 12×14 px"},
		{"h=8 w=8", mask.H, "a cell covers 4 rows and sees 12"},
		{"h=8 w=8", mask.C | mask.W, "a cell covers 5 columns and sees 14"},
		{"h=8 w=8", mask.N | mask.C, "a cell covers the whole input"},
		{"w=8", mask.N | mask.W, "a cell covers 5 points and sees 14"},
		{"w=8", mask.N, "a cell covers the whole input"},
		{"d=8 h=8 w=8", mask.D | mask.H | mask.W, "a cell covers 2×4×5 voxels and sees 9×12×14 voxels"},
		{"d=8 h=8 w=8", mask.D | mask.W, "a cell covers 2×5 planes and columns and sees 9×14"},
		{"d=8 h=8 w=8", mask.D, "a cell covers 2 planes and sees 9"},
	} {
		st := &step{net: network(t, "input c=1 "+c.input+"\nbackdrop name=a p=0 axes=W\ngap\nlinear out=2")}
		m := new(mask.Mask)
		m.Draw(mask.Coord{}, 0.5, c.axes, [5]int{2, 2, 8, 8, 8})
		if got := st.cover(m, g); got != c.want {
			t.Errorf("%s, %v: got %q, want %q", c.input, c.axes, got, c.want)
		}
	}
}

func TestSheetRowsAndColumns(t *testing.T) {
	const tail = "gap\nlinear out=2\n"
	for _, c := range []struct {
		name            string
		input           string
		layers          string
		batch           int
		gradient        bool
		panels, columns int
	}{
		{"one mask needs no product", "h=8 w=8", "backdrop name=a p=0.5 axes=HW\n", 1, false, 1, 0},
		{"two masks and their product", "h=8 w=8", "backdrop name=a p=0.5 axes=HW\nbackdrop name=b p=0.5 axes=HW\n", 1, false, 3, 0},
		{"masks shared by the batch", "h=8 w=8", "backdrop name=a p=0.5 axes=HW\n", 5, false, 1, 0},
		{"a row a sample", "h=8 w=8", "backdrop name=a p=0.5 axes=NHW\n", 5, false, 5, 1},
		{"gradients differ anyway", "h=8 w=8", "backdrop name=a p=0.5 axes=HW\n", 5, true, 10, 2},
		{"the first eight", "h=8 w=8", "backdrop name=a p=0.5 axes=N\n", 20, true, 16, 2},
		{"an identity has no panel", "h=8 w=8", "backdrop name=a p=0.5 axes=NHW\nbackdrop name=b p=0 axes=HW\n", 3, true, 6, 2},
		{"nothing but identities", "h=8 w=8", "backdrop name=a p=0 axes=NHW\nbackdrop name=b p=0 axes=HW\n", 3, false, 1, 0},
		{"a gradient without masks", "h=8 w=8", "backdrop name=a p=0 axes=NHW\nbackdrop name=b p=0 axes=HW\n", 3, true, 3, 1},
		{"dropout has no panel", "h=8 w=8", "dropout p=0.5\nbackdrop name=a p=0.5 axes=HW\n", 3, false, 1, 0},
		{"panels of sequences are wide", "w=8", "backdrop name=a p=0.5 axes=NW\n", 5, true, 10, 0},
		{"a row of volumes", "d=4 h=4 w=4", "backdrop name=a p=0.5 axes=DHW\nbackdrop name=b p=0.5 axes=D\n", 1, true, 4, 4},
	} {
		st := newTestStep(t, "input c=1 "+c.input+"\n"+c.layers+tail, c.batch, nil)
		var l lens
		if c.gradient {
			some := taken{&gradient{shape: st.net.Input}}
			for range 20 {
				some.norms, some.names = append(some.norms, newNorms(st.net.Input, scale.Normalisation{})), append(some.names, "name")
				some.x = append(some.x, &pixels.Memory{Values: make([]float32, st.net.Input.Len()), Count: st.net.Input.Size().Product()})
			}
			l = some
		}
		s, err := st.sheet(l)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Panels) != c.panels || s.Group != c.columns {
			t.Errorf("%s: got %d panels in groups of %d, want %d of %d", c.name, len(s.Panels), s.Group, c.panels, c.columns)
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
