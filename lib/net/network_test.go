package net

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestTextRoundTrip(t *testing.T) {
	const text = `input c=2 h=17 w=9
conv out=4 kernel=3
leakyrelu slope=0.2
conv out=4 kernel=3 stride=2 pad=1
relu
maxpool kernel=2
avgpool kernel=2 stride=1 pad=1
dropout p=0.25
backdrop name=fine p=0.95 axes=NHW
flatten
linear out=3
`
	n, err := Parse("# a comment\n\n  " + text + "   # the end")
	if err != nil {
		t.Fatal(err)
	}
	if got := n.String(); got != text {
		t.Errorf("got\n%swant\n%s", got, text)
	}
	again, err := Parse(n.String())
	if err != nil || !reflect.DeepEqual(n, again) {
		t.Errorf("second reading: %v, %v", again, err)
	}
	for _, preset := range Presets {
		n, err := Preset(preset, Shape{C: 1, H: 64, W: 64}, 4)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(n.String())
		if err != nil || !reflect.DeepEqual(n, again) {
			t.Errorf("%s: %v, %v", preset, again, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "no input line"},
		{"conv out=1 kernel=1", "the first line must be the input"},
		{"input c=1 h=8", "input lacks w=; a sequence has"},
		{"input c=1 d=8 w=8", "input lacks h="},
		{"input c=1 w=8 w=8", "key w is given twice"},
		{"input c=1 d=0 h=8 w=8", "d=0: each size must be"},
		{"input c=1 h=8 w=8", "no layers"},
		{"input c=1 h=8 w=8\ninput c=1 h=8 w=8", "line 2: a second input line"},
		{"input c=x h=8 w=8\nrelu", `c="x" is not a whole number`},
		{"input c=0 h=8 w=8\nrelu", "each size must be between"},
		{"input c=16777216 h=16777216 w=8\nrelu", "product at most"},
		{"input c=1 h=8 w=8\nconf out=1", `line 2: there is no layer "conf"`},
		{"input c=1 h=8 w=8\nConv2d out=1", `no layer "Conv2d" (conv?), only add, avgpool,`},
		{"input c=1 h=8 w=8\nmaxpol", `(maxpool?)`},
		{"input c=1 h=8 w=8\nsoftplus", `no layer "softplus", only add,`},
		{"input c=1 h=8 w=8\n" + strings.Repeat("x", 1000), "x…\", only add,"},
		{"input c=1 h=8 w=8\nBatchNorm2d", "batch normalisation is left out: of batches of one to four samples its statistics are noise"},
		{"input c=1 h=8 w=8\nbn momentum=0.1", "use groupnorm, or conv with ws=true"},
		{"input c=1 h=8 w=8\nconv out=1", "needs kernel="},
		{"input c=1 w=8\nconv out=1 kernel=3x3", "is not one number, as sequences have one axis"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3x3x3", "nor one for each of the 2 axes, such as 3x3"},
		{"input c=1 d=8 h=8 w=8\nconv out=1 kernel=3x3", "nor one for each of the 3 axes, such as 3x3x3"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3x", "whole numbers such as 3x3"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3 dilation=0", "dilation=0 must be positive"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3 dilation=1x4", "kernel=3 with dilation=4, which extends over 9 pixels, is larger than its padded input 8×8"},
		{"input c=1 h=8 w=8\nmaxpool kernel=2 dilation=9 pad=1", "must be at most the input's extent 8"},
		{"input c=4 h=8 w=8\ngroupnorm groups=0", "groups=0 must be positive"},
		{"input c=4 h=8 w=8\ngroupnorm groups=3", "groups=3 does not divide the 4 channels"},
		{"input c=4 h=8 w=8\nrelu name=a\nrelu name=b\nadd from=c", `from="c" is not the name of a layer before it; the names before it are a, b`},
		{"input c=4 h=8 w=8\nrelu name=a\nadd from=b name=b", `from="b" is the layer itself; the only name before it is a`},
		{"input c=4 h=8 w=8\nadd from=b\nrelu\nrelu name=b", `from="b" is layer 2, which comes later; no layer before it has name=`},
		{"input c=4 h=8 w=8\nrelu name=a\nmaxpool kernel=2\nconcat from=a", "cannot append the channels of a, which is 4×8×8"},
		{"input c=4 h=8 w=8\nbackdrop name=a p=1 axes=NDHW", "axes=NDHW: masks of images have the axes NCHW, and no D"},
		{"input c=4 w=8\nbackdrop name=a p=1 axes=DHW", "axes=DHW: masks of sequences have the axes NCW, and no DH"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3 kernel=3", "given twice"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3 padding=1", `no key "padding"`},
		{"input c=1 h=8 w=8\nconv out=1 kernel", "not of the form key=value"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=9", "larger than its padded input"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=3 pad=3", "must be less than kernel=3"},
		{"input c=1 h=8 w=8\nconv out=0 kernel=3", "output 0×6×6"},
		{"input c=1 h=8 w=8\nconv out=16777216 kernel=3 pad=-1", "pad not negative"},
		{"input c=16777216 h=8 w=8\nconv out=16777216 kernel=8", "more than"},
		{"input c=1 h=8 w=8\nmaxpool kernel=2 pad=2", "at most half"},
		{"input c=1 h=8 w=8\nlinear out=4", "put gap, gmp or flatten before it"},
		{"input c=1 h=8 w=8\nleakyrelu slope=NaN", "more than 0 and less than 1"},
		{"input c=1 h=8 w=8\ndropout p=1", "less than 1"},
		{"input c=1 h=8 w=8\nbackdrop name=a p=1.5 axes=HW", "between 0 and 1"},
		{"input c=1 h=8 w=8\nbackdrop name=a p=0.5 axes=HX", "axes"},
		{"input c=1 h=8 w=8\nbackdrop p=0.5 axes=HW", "needs name="},
		{"input c=1 h=8 w=8\nbackdrop name=a=b p=0.5 axes=HW", "must be made of letters"},
		{"input c=1 h=8 w=8\nbackdrop name=\x1b[31m p=0.5 axes=HW", "must be made of letters"},
		{"input c=1 h=8 w=8\nbackdrop name=a p=0.5 axes=HW\nbackdrop name=a p=0.5 axes=HW", `named "a" already`},
		{"input c=1 h=8 w=8\n" + strings.Repeat("relu\n", 1001), "more than 1000 layers"},
	} {
		_, err := Parse(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "net: ") {
			t.Errorf("%.60q: got %v, want …%s…", c.text, err, c.want)
		}
	}
}

// The demonstration's network has 32×32 fine and 4×4 coarse cells at 1024.
func TestPresets(t *testing.T) {
	for _, c := range []struct {
		name                string
		size, fine, coarse  int
		fineField, fineStep int
	}{
		// crisp: 5 + 1·2 + 1·4 + 1·8 + 1·16 input pixels, a cell every 2⁵.
		{"crisp", 1024, 32, 4, 35, 32},
		// overlap: 5 + 2·(2+4+8+16).
		{"overlap", 1024, 32, 4, 65, 32},
		{"crisp", 128, 32, 4, 7, 4},
		{"crisp", 16, 8, 1, 5, 2},
		{"crisp", 4, 2, 1, 5, 2},
		// pooled: 5, +1, +2·2, +2, a cell every 4.
		{"pooled", 128, 32, 4, 12, 4},
		{"pooled", 16, 4, 4, 12, 4},
		{"pooled", 4, 1, 1, 12, 4},
	} {
		n, err := Preset(c.name, Shape{C: 1, H: c.size, W: c.size}, 4)
		if err != nil {
			t.Fatal(err)
		}
		shapes, err := n.Shapes()
		if err != nil {
			t.Fatal(err)
		}
		geometry, _ := n.Geometry()
		at := n.Backdrops()
		if len(at) != 2 || shapes[at[0]].H != c.fine || shapes[at[1]].H != c.coarse {
			t.Errorf("%s %d: backdrop layers %v in %v, want %d and %d cells", c.name, c.size, at, shapes, c.fine, c.coarse)
		}
		if g := geometry[at[0]][W]; g.Field != c.fineField || g.Stride != c.fineStep {
			t.Errorf("%s %d: fine geometry %+v, want field %d stride %d", c.name, c.size, g, c.fineField, c.fineStep)
		}
		if classes, err := n.Classes(); classes != 4 || err != nil {
			t.Errorf("%s: %d classes, %v", c.name, classes, err)
		}
	}
	for _, in := range []Shape{{C: 1, H: 2, W: 2}, {C: 1, W: 3}, {C: 1, D: 1, H: 3, W: 3}, {C: 1}, {C: 1, H: -4, W: -4}} {
		if _, err := Preset("crisp", in, 4); err == nil {
			t.Errorf("%v: no error", in)
		}
	}
	if _, err := Preset("wide", Shape{C: 1, H: 64, W: 64}, 4); err == nil {
		t.Error("unknown preset: no error")
	}
}

// Presets take samples of any size and number of dimensions; cells are counted along each axis.
func TestPresetsOfAnySize(t *testing.T) {
	for _, c := range []struct {
		name         string
		in           Shape
		fine, coarse []int
	}{
		{"pooled", Shape{C: 3, H: 100, W: 317}, []int{25, 80}, []int{4, 10}},
		{"crisp", Shape{C: 3, H: 100, W: 317}, []int{25, 80}, []int{4, 10}},
		{"overlap", Shape{C: 1, D: 48, H: 48, W: 48}, []int{24, 24, 24}, []int{3, 3, 3}},
		{"residual", Shape{C: 1, H: 512, W: 512}, []int{32, 32}, []int{4, 4}},
		{"residual", Shape{C: 6, W: 500}, []int{63}, []int{8}},
		{"crisp", Shape{C: 1, D: 1, H: 96, W: 1}, nil, nil},
		{"pooled", Shape{C: 1, D: 1, H: 64, W: 64}, []int{1, 16, 16}, []int{1, 4, 4}},
	} {
		n, err := Preset(c.name, c.in, 4)
		if err != nil {
			t.Errorf("%s of %v: %v", c.name, c.in, err)
			continue
		}
		if again, err := Parse(n.String()); err != nil || !reflect.DeepEqual(n, again) {
			t.Errorf("%s of %v comes back as %v, %v", c.name, c.in, again, err)
		}
		shapes, _ := n.Shapes()
		at := n.Backdrops()
		if fine, coarse := shapes[at[0]].Axes()[1:], shapes[at[1]].Axes()[1:]; c.fine != nil && (!slices.Equal(fine, c.fine) || !slices.Equal(coarse, c.coarse)) {
			t.Errorf("%s of %v: %v and %v cells, want %v and %v", c.name, c.in, fine, coarse, c.fine, c.coarse)
		}
	}
}

// The cells of a preset's masks see every pixel, also where a side is odd at some stage.
func TestPresetsSeeEverything(t *testing.T) {
	for _, name := range Presets {
		for side := 4; side < 200; side++ {
			n, err := Preset(name, Shape{C: 1, W: side}, 2)
			if err != nil {
				t.Fatal(err)
			}
			shapes, _ := n.Shapes()
			all, _ := n.Geometry()
			for _, i := range n.Backdrops() {
				g := all[i][W]
				if g.Offset > 0 || (shapes[i].W-1)*g.Stride+g.Offset+g.Field < side || g.Field < g.Stride {
					t.Errorf("%s of %d pixels: mask %s with %d cells, %+v, does not see all", name, side, n.Layers[i].Name, shapes[i].W, g)
				}
			}
		}
	}
}

func TestInitDependsOnSeedAndLayer(t *testing.T) {
	n, _ := Preset("pooled", Shape{C: 1, H: 16, W: 16}, 4)
	draw := func(seed uint64) []*Param {
		w, err := NewWeights(n)
		if err != nil {
			t.Fatal(err)
		}
		w.Init(seed)
		return w.Params
	}
	a, again, b := draw(1), draw(1), draw(2)
	for i := range a {
		if !reflect.DeepEqual(a[i].Data, again[i].Data) {
			t.Errorf("%s: two draws of one seed differ", a[i].Name)
		}
		if len(a[i].Shape) > 1 && reflect.DeepEqual(a[i].Data, b[i].Data) {
			t.Errorf("%s: seeds 1 and 2 give the same weights", a[i].Name)
		}
	}
	var square float64
	for _, v := range a[2].Data { // 32×32×3×3 weights of deviation √(2/288): their mean square is 2/288 ± 1.5 %
		square += float64(v) * float64(v)
	}
	if got := square / float64(len(a[2].Data)) * 288 / 2; !(got > 0.95 && got < 1.05) {
		t.Errorf("mean square is %v of 2/fan-in", got)
	}
}

// TestGradientAtZero: outputs that are all zero have a gradient unless a relu is behind them.
func TestGradientAtZero(t *testing.T) {
	for text, want := range map[string]bool{
		"linear out=3\n":                                   true,
		"linear out=3\nrelu\n":                             false,
		"linear out=3\nleakyrelu\n":                        true,
		"linear out=3\nsilu\nbackdrop name=b p=0 axes=N\n": true,
	} {
		n, err := Parse("input c=1 h=8 w=8\nconv out=4 kernel=3\nrelu\ngap\n" + text)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.GradientAtZero(3); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestWithOutputs: the last layer with weights has other outputs, whatever stands behind it, and the network is a copy.
func TestWithOutputs(t *testing.T) {
	for _, c := range []struct {
		text    string
		outputs int
		want    string // "": an error
	}{
		{"input c=1 h=8 w=8\nconv out=4 kernel=3\ngap\nlinear out=3\n", 5, "input c=1 h=8 w=8\nconv out=4 kernel=3\ngap\nlinear out=5\n"},
		{"input c=1 h=8 w=8\nconv out=4 kernel=3\ngap\nlinear out=3\n", 3, "input c=1 h=8 w=8\nconv out=4 kernel=3\ngap\nlinear out=3\n"},
		{"input c=1 h=8 w=8\nconv out=3 kernel=3\nrelu\ngap\n", 1, "input c=1 h=8 w=8\nconv out=1 kernel=3\nrelu\ngap\n"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=7\nflatten\n", 4, "input c=1 h=8 w=8\nconv out=1 kernel=7\nflatten\n"},
		{"input c=1 h=8 w=8\nconv out=1 kernel=7\nflatten\n", 2, ""},
		{"input c=3 h=8 w=8\ngap\n", 2, ""},
		{"input c=3 h=8 w=8\nrelu\n", 3, ""},
	} {
		n, err := Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := n.WithOutputs(c.outputs)
		if c.want == "" && err == nil || c.want != "" && (err != nil || got.String() != c.want) {
			t.Errorf("%q with %d outputs: %v, %v", c.text, c.outputs, got, err)
		}
		if n.String() != c.text {
			t.Errorf("%q was changed to %q", c.text, n.String())
		}
	}
}
