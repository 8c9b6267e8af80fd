package net

import (
	"testing"

	"backdrop/internal/testkit/hostile"
)

// FuzzParse: a network that is read survives being printed and read, and its sizes lie within the limits.
func FuzzParse(f *testing.F) {
	for _, preset := range Presets {
		net, err := Preset(preset, Shape{C: 3, H: 256, W: 256}, 4)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(net.String()))
	}
	f.Add([]byte("input c=1 h=8 w=8 # comment\n\nconv kernel=3 out=2 pad=1 stride=2\nleakyrelu\nmaxpool kernel=2\navgpool kernel=2 stride=1\ndropout p=0.5\nbackdrop axes=WN p=1e-3 name=é\nflatten\nlinear out=3"))
	hostile.Seed(f, hostile.Networks())
	f.Fuzz(func(t *testing.T, data []byte) {
		text := string(data)
		var net *Network
		var err error
		hostile.Cheap(t, parseCost(text), func() { net, err = Parse(text) })
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		again, err := Parse(net.String())
		if err != nil || again.String() != net.String() {
			t.Fatalf("%q came back as %q, %v", net, again, err)
		}
		shapes, err := net.Shapes()
		if err != nil {
			t.Fatal(err)
		}
		geometry, err := net.Geometry()
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range shapes {
			for axis, g := range geometry[i] {
				if s.C < 1 || s.Size()[axis] < 1 || s.Dimensions() != net.Input.Dimensions() || s.Len() > maxElements || g.Field < 1 || g.Stride < 1 || g.Offset > 0 || g.Offset < -g.Field || g.Field > maxElements || g.Stride > maxElements {
					t.Fatalf("%q: layer %d has shape %v and geometry %+v", net, i, s, g)
				}
			}
		}
		params, err := ParamShapes(net)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range params {
			if size := p.Size(); size < 1 || size > maxElements {
				t.Fatalf("%q: parameter %s has %d elements", net, p.Name, size)
			}
		}
	})
}

// parseCost is what a network's text may take from the heap: its lines and words, and its layers.
func parseCost(text string) int64 { return 1<<20 + 64*int64(len(text)) }

// TestAttacks: each is refused by one line that names the line or the layer, and the number.
func TestAttacks(t *testing.T) {
	refusals := map[string]string{
		"a million layers":            "net: network line 1002: more than 1000 layers",
		"a parameter of 4 EiB":        "net: layer 2 (linear) on input 16777216×1×1: has more than 17179869184 weights",
		"a size beyond int64":         "net: input 1×4294967296×4294967296: each size must be between 1 and 16777216, and their product at most 17179869184",
		"a product that wraps":        "net: input 16777216×16777216×65536: each size must be between 1 and 16777216, and their product at most 17179869184",
		"padding that wraps":          "net: layer 0 (conv) on input 1×4×4: pad=9223372036854775807 must be less than kernel=3",
		"strides that wrap":           "net: layer 1 (conv): a cell sees 16777218 pixels a side, and the next one begins after 281474976710656; the limit is 17179869184",
		"negative kernel":             "net: layer 0 (maxpool) on input 1×4×4: kernel=-2 stride=-2 pad=0: kernel and stride must be between 1 and 16777216, pad not negative",
		"probability NaN":             "net: layer 0 (dropout) on input 1×4×4: p=NaN must be at least 0 and less than 1",
		"infinite slope":              "net: layer 0 (leakyrelu) on input 1×4×4: slope=+Inf must be more than 0 and less than 1",
		"name with a line of its own": `net: layer 0 (backdrop): name="a\x1b[2J" must be made of letters, digits and the signs . _ -`,
		"a word of 1 MiB":             `net: network line 2: backdrop: mask: axis H is named twice in axes "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH…"`,
		"a key twice":                 "net: network line 2: conv: key out is given twice",
	}
	for _, a := range hostile.Networks() {
		var err error
		hostile.Cheap(t, parseCost(string(a.Data)), func() { _, err = Parse(string(a.Data)) })
		if err == nil || err.Error() != refusals[a.Name] {
			t.Errorf("%s:\n got %v\nwant %s", a.Name, err, refusals[a.Name])
			continue
		}
		hostile.OneLine(t, err)
	}
}
