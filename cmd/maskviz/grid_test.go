package main

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"backdrop/formats/stream"
	"backdrop/lib/draw"
	"backdrop/lib/net"
	"backdrop/lib/rng"
	"backdrop/lib/scale"
)

// drawnFrom makes inputs of more than so many places large, and pictures of them from so many cells at most.
func drawnFrom(t *testing.T, places, cells int) {
	before := drawn
	t.Cleanup(func() { drawn = before })
	for d := range drawn {
		drawn[d] = limits{places, cells}
	}
}

func TestCellSize(t *testing.T) {
	for _, c := range []struct {
		in   net.Shape
		want int
	}{
		{net.Shape{C: 9, H: 2048, W: 2048}, 1},
		{net.Shape{C: 1, H: 2048, W: 2049}, 2},
		{net.Shape{C: 1, H: 16384, W: 16384}, 8},
		{net.Shape{C: 1, H: 10000, W: 10000}, 5},
		{net.Shape{C: 1, H: 10007, W: 10009}, 5}, // primes
		{net.Shape{C: 1, D: 1024, H: 1024, W: 1024}, 4},
		{net.Shape{C: 1, D: 1, H: 8192, W: 8192}, 2},
		{net.Shape{C: 3, W: 1 << 22}, 1},
		{net.Shape{C: 3, W: 1 << 24}, 64},
		{net.Shape{C: 3, W: 16000000}, 64},
	} {
		if got := cellSize(c.in); got != c.want {
			t.Errorf("%v: got %d, want %d", c.in, got, c.want)
		}
	}
}

// The runs of pixels that a cursor gives are those of one cell, in any dimension, also where cells are cut at the edges.
func TestCursor(t *testing.T) {
	drawnFrom(t, 1, 40)
	for _, in := range []net.Shape{{C: 1, W: 101}, {C: 1, H: 13, W: 17}, {C: 1, D: 5, H: 7, W: 11}} {
		c, v, all := newCursor(in), newVolume(in), in.Size().Product()
		count := make([]int, len(v.Data))
		for _, piece := range []int{1, 3, 16, all} {
			for first := 0; first < all; first += piece {
				next := first
				c.each(first, min(all, first+piece), func(cell, from, to int) {
					for i := from; i < to; i++ {
						z, y, x := i/(in.Size()[net.H]*in.W), i/in.W%in.Size()[net.H], i%in.W
						if want := (z/c.n*v.H+y/c.n)*v.W + x/c.n; i != next || cell != want {
							t.Fatalf("%v: pixel %d is in cell %d, want pixel %d in cell %d", in, i, cell, next, want)
						}
						count[cell]++
						next++
					}
				})
				if next != min(all, first+piece) {
					t.Fatalf("%v: ended at %d", in, next)
				}
			}
		}
		for cell, n := range count {
			if c.places(cell) != n/4 {
				t.Errorf("%v: cell %d has %d places, want %d", in, cell, c.places(cell), n/4)
			}
		}
	}
}

// noise is a sample of normal values.
func noise(in net.Shape) *stream.Sample {
	r, x := rng.New(3, rng.Field), make([]float32, in.Len())
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return &stream.Sample{Key: "a", Shape: in.Axes(), X: x}
}

// sample is a copy of s.
func sample(s *stream.Sample) *stream.Sample {
	other := *s
	return &other
}

// A picture that is made from cells is, pixel for pixel, the one that is made from all places and then made smaller: of masks, their
// product, the light on samples and their lines, and of coverage.
func TestPicturesFromCells(t *testing.T) {
	const tail = "gap\nlinear out=2\n"
	for _, c := range []struct {
		name, text string
		cells      int
	}{
		{"image", "input c=3 h=512 w=384\nconv out=2 kernel=5 stride=4 pad=2\nbackdrop name=a p=0.5 axes=NCHW\nconv out=2 kernel=3 stride=3\nbackdrop name=b p=0.7 axes=HW\n" + tail, 256 * 192},
		{"volume", "input c=1 d=64 h=128 w=96\nmaxpool kernel=4\nbackdrop name=a p=0.5 axes=DHW\nmaxpool kernel=4\nbackdrop name=b p=0.7 axes=NDW\n" + tail, 32 * 64 * 48},
		{"sequence", "input c=2 w=12000\nconv out=2 kernel=5 stride=4 pad=2\nbackdrop name=a p=0.5 axes=W\nconv out=2 kernel=5 stride=5\nbackdrop name=b p=0.7 axes=NW\n" + tail, 3000},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := newTestStep(t, c.text, 1, nil)
			in := st.net.Input
			s := noise(in)
			if in.Dimensions() == 3 { // slices through cells of voxels that are alike
				for i := range s.X {
					s.X[i] = float32(i / (8 * 128 * 96))
				}
			}
			pictures := func() (all [][]byte) {
				o := overlayOf(t, &input{net: st.net, samples: []*stream.Sample{sample(s)}})
				coverage := newCoverage(in, 2)
				coverage.add(st.product(0))
				var panels []draw.Panel
				for _, layer := range st.net.Backdrops() {
					panels = append(panels, st.maskPanel(layer, 0))
				}
				panels = append(panels, st.productPanel(0), o.panel(st, 0), coverage.panel(coverage.high()))
				for _, p := range panels {
					if in.Dimensions() == 3 { // how thick slices are
						v := p.Pictures[0].(draw.Views)
						v.Caption = ""
						p.Pictures[0] = v
					}
					sheet := draw.Sheet{Side: 256, Panels: []draw.Panel{p}}
					if in.Dimensions() != 2 {
						sheet.Side = 0
					}
					if in.Dimensions() == 3 {
						sheet.Side = 100
					}
					var b bytes.Buffer
					if err := sheet.Encode(&b); err != nil {
						t.Fatal(err)
					}
					all = append(all, b.Bytes())
				}
				return all
			}
			full := pictures()
			drawnFrom(t, 1, c.cells)
			if n := cellSize(in); n == 1 {
				t.Fatal("there are no cells")
			}
			for i, got := range pictures() {
				if !bytes.Equal(got, full[i]) {
					t.Errorf("panel %d: %d bytes from cells, %d from all places, not the same", i, len(got), len(full[i]))
				}
			}
		})
	}
}

// Where cells are cut at the edges, means are those of what there is.
func TestMeansOfCutCells(t *testing.T) {
	in := net.Shape{C: 2, H: 5, W: 7}
	s := noise(in)
	r := &reader{source: s.Source(), shape: in, stopped: func() bool { return false }}
	full := r.mean().values
	drawnFrom(t, 1, 6)
	r = &reader{source: s.Source(), shape: in, stopped: func() bool { return false }}
	v := r.mean()
	want := full.Field().Shrink(3)
	if v.values.H != want.H || v.values.W != want.W || !slices.Equal(v.values.Data, want.Data) {
		t.Errorf("got %v, want %v", v.values, want)
	}
	if span := draw.Span(full.Row()); v.colours.Range != span {
		t.Errorf("range %v, that of all places is %v", v.colours.Range, span)
	}
}

// Of a gradient in cells there are the largest values, the exact number of places where it is not zero, and what is no number, in
// whichever order they come.
func TestNormsOfCells(t *testing.T) {
	drawnFrom(t, 1, 24)
	in := net.Shape{C: 2, H: 11, W: 13}
	places := in.Size().Product()
	d, r := make([]float32, 2*places), rng.New(1, rng.Field)
	for i := range places {
		if i%3 != 0 {
			d[2*i], d[2*i+1] = float32(r.NormFloat64()), float32(r.NormFloat64())
		}
	}
	var want []float32
	for _, backwards := range []bool{false, true} {
		n := newNorms(in, scale.Normalisation{Mean: []float32{0}, Std: []float32{2}})
		var runs [][2]int
		for first := 0; first < places; first += 7 {
			runs = append(runs, [2]int{first, min(places, first+7)})
		}
		if backwards {
			slices.Reverse(runs)
		}
		for _, run := range runs {
			n.Set(run[0], run[1], d[2*run[0]:], 2)
		}
		if n.reached != places-(places+2)/3 {
			t.Errorf("%d places are not zero, want %d", n.reached, places-(places+2)/3)
		}
		if want == nil {
			want = make([]float32, len(n.Data))
			for i := range places {
				cell := i/13/n.cursor.n*n.W + i%13/n.cursor.n
				want[cell] = max(want[cell], n.norm(d[2*i:]))
			}
		}
		if !slices.Equal(n.Data, want) {
			t.Errorf("got %v, want %v", n.Data, want)
		}
		nan := float32(0)
		nan /= nan
		n.Set(40, 42, []float32{nan, 0, 0, nan}, 2)
		n.Set(20, 21, []float32{nan, 0}, 2)
		if n.Cells.Missing != 3 || n.Cells.First != 20 {
			t.Errorf("%d values are missing, the first %d; want 3 and 20", n.Cells.Missing, n.Cells.First)
		}
	}
}

// A random input is the same however it is read.
func TestRandomInput(t *testing.T) {
	drawnFrom(t, 1, 100)
	in := net.Shape{C: 3, H: 10, W: 50}
	s := newRandom(in, 5, 1)
	all := make([]float32, 500)
	s.Pixels(all, 1, 2, 0, 500)
	for _, at := range [][2]int{{0, 1}, {63, 65}, {100, 400}, {499, 500}} {
		part := make([]float32, 3*(at[1]-at[0]))
		s.Pixels(part, 3, 2, at[0], at[1])
		for i := range at[1] - at[0] {
			if part[3*i] != all[at[0]+i] {
				t.Errorf("%v: value %d is %v, want %v", at, i, part[3*i], all[at[0]+i])
			}
		}
	}
	if slices.Contains(all, 0) || fmt.Sprint(all[:64]) == fmt.Sprint(all[64:128]) {
		t.Error("values are missing or repeated")
	}
}

// A gradient from cells is the same on any number of threads, and the largest of what there is of all places.
func TestGradientFromCells(t *testing.T) {
	const text = "input c=1 h=96 w=96\nconv out=4 kernel=5 stride=2 pad=2\nrelu\nbackdrop name=a p=0.5 axes=HW\nconv out=4 kernel=3\ngap\nlinear out=2\n"
	take := func(threads int) *gradient {
		st := newTestStep(t, text, 1, nil)
		g, err := newGradient(&input{net: st.net, samples: []*stream.Sample{noise(st.net.Input)}}, st, 1, plan{threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		if err := g.look(st); err != nil {
			t.Fatal(err)
		}
		return g
	}
	full := take(1).norms[0]
	drawnFrom(t, 1, 600)
	for threads := 1; threads < 5; threads++ {
		g := take(threads)
		n, want := g.norms[0], make([]float32, 24*24)
		for i, v := range full.Data {
			cell := i/96/4*24 + i%96/4
			want[cell] = max(want[cell], v)
		}
		if !slices.Equal(n.Data, want) || n.reached != full.reached || n.reached == 0 {
			t.Errorf("%d threads: another gradient, not zero in %d places; want %d", threads, n.reached, full.reached)
		}
		if p := g.panel(nil, 0).Pictures[0].(draw.Heatmap); p.Of != draw.Largest {
			t.Error("cells are drawn smaller by their mean")
		}
	}
}
