package engine

import (
	"backdrop/internal/testkit/nettest"
	"backdrop/lib/finite"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Networks whose weights are so large that values soon overflow: the layer found, the sample and whether there is any
// are those of the plain implementation, which is looked at after every layer.
func TestFindNotFiniteEqualsPlain(t *testing.T) {
	inBands(t, 200)
	r := rand.New(rand.NewPCG(5, 6))
	found := map[string]int{}
	unlike := 0
	for i := range 600 {
		n := nettest.Random(r, false)
		if text := n.String(); strings.Contains(text, "groupnorm") || strings.Contains(text, "ws=true") { // whose sums are of float64 here, and of float32 there
			continue
		}
		plain := plain32(t, n)
		w, err := net.NewWeights(n)
		if err != nil {
			t.Fatal(err)
		}
		scale := []float64{1, 1e12, 1e20, 1e37}[i%4]
		for _, p := range w.Params {
			for j := range p.Data {
				p.Data[j] = float32(r.NormFloat64() * scale)
			}
			into := plain.params[p.Layer].b
			if strings.HasSuffix(p.Name, ".weight") {
				into = plain.params[p.Layer].w
			}
			copy(into, p.Data)
		}
		var x [][]float32
		for range 1 + r.IntN(4) {
			x = append(x, single(normals(r, n.Input.Len())))
			for j := range x[len(x)-1] {
				x[len(x)-1][j] *= float32(math.Exp(r.NormFloat64()))
			}
		}
		if i%8 > 3 { // pools and activations overflow when inputs are large
			for j := range x[0] {
				x[0][j] = float32(math.Copysign(3e38, float64(x[0][j])))
			}
		}
		masks, err := n.DrawMasks(1, uint64(i), len(x))
		if err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			masks = nil
		}
		// With infinite terms, whether a sum is infinite or NaN depends on rounding, and so may what is left behind a relu.
		engine, err := NewRunner(n, w, 1)
		if err != nil {
			t.Fatal(err)
		}
		var broken []int
		for s, scores := range engine.Forward(pixels.InMemory(x, n.Input.C), masks) {
			if finite.First(scores) >= 0 {
				broken = append(broken, s)
			}
		}
		want := plain.firstNotFinite(x, masks, broken)
		got, err := FindNotFinite(n, w, pixels.InMemory(x, n.Input.C), masks, 2)
		if err != nil {
			t.Fatal(err)
		}
		if (got == nil) != (want == nil) || got != nil && (got.Layer != want.Layer || got.Sample != want.Sample || got.Op != want.Op) {
			// At the edge of what float32 holds a sum may overflow with fused multiplication and addition only, or without.
			if unlike++; unlike > 6 {
				t.Fatalf("network %d: got %v, want %v\n%s", i, got, want, n)
			}
			continue
		}
		if got != nil {
			found[got.Op]++
		} else {
			found["none"]++
		}
	}
	for _, op := range []string{"none", "conv", "avgpool", "gap", "linear", "dropout"} {
		if found[op] < 3 {
			t.Errorf("only %d of %s", found[op], op)
		}
	}
}

// plain32 is the plain implementation with weights that are zero.
func plain32(t *testing.T, n *net.Network) *runner[float32] {
	t.Helper()
	shapes, err := n.Shapes()
	if err != nil {
		t.Fatal(err)
	}
	all, err := net.ParamShapes(n)
	if err != nil {
		t.Fatal(err)
	}
	r := &runner[float32]{net: n, shapes: shapes, params: make([]layerParams[float32], len(n.Layers)), workers: []*worker[float32]{{}}}
	for _, p := range all {
		if strings.HasSuffix(p.Name, ".weight") {
			r.params[p.Layer].w = make([]float32, p.Size())
		} else {
			r.params[p.Layer].b = make([]float32, p.Size())
		}
	}
	return r
}

// firstNotFinite looks at every layer of the samples.
func (r *runner[T]) firstNotFinite(x [][]T, masks net.Masks, samples []int) *NotFinite {
	var first *NotFinite
	r.masks = masks
	for len(r.acts) < len(x) {
		r.acts = append(r.acts, r.newActivations())
	}
	for _, s := range samples {
		copy(r.acts[s][0], x[s])
		for i, l := range r.net.Layers {
			r.layerForward(r.workers[0], i, s)
			broken := slices.ContainsFunc(r.acts[s][i+1], func(v T) bool { return v-v != 0 })
			if broken && (first == nil || i < first.Layer) {
				first = &NotFinite{Layer: i, Op: l.Op, Sample: s}
			}
			if broken {
				break
			}
		}
	}
	return first
}

func TestFindNotFiniteInInputsAndParameters(t *testing.T) {
	n, err := net.Parse("input c=2 h=3 w=4\nconv out=3 kernel=3 pad=1\nrelu\ngap\nlinear out=2\n")
	if err != nil {
		t.Fatal(err)
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for what, c := range map[string]struct {
		change func(x [][]float32, w *net.Weights)
		want   NotFinite
		text   string
	}{
		"input": {func(x [][]float32, w *net.Weights) {
			x[1][12+1*4+3], x[1][23], w.Params[0].Data[0] = -inf, nan, nan
		}, NotFinite{Layer: -1, Sample: 1, At: []int{1, 1, 3}}, "the input is -Inf at channel, row, column [1 1 3]"},
		"weight": {func(x [][]float32, w *net.Weights) {
			w.Params[2].Data[3+1], w.Params[3].Data[0] = inf, nan
		}, NotFinite{Layer: 3, Op: "linear", Param: "3.weight", Sample: -1, At: []int{1, 1}}, "3.weight is +Inf at [1 1]"},
		"bias": {func(x [][]float32, w *net.Weights) {
			w.Params[1].Data[2] = inf
		}, NotFinite{Layer: 0, Op: "conv", Param: "0.bias", Sample: -1, At: []int{2}}, "0.bias is +Inf at [2]"},
		"layer": {func(x [][]float32, w *net.Weights) {
			x[1][0] = 2
			w.Params[0].Data[9*1+4] = 1 // the centre of a kernel of output 0, channel 1
			w.Params[2].Data[0], w.Params[3].Data[1] = 3e38, 1
			for i := range x[1] {
				x[1][i] = 2 // a mean of 2, times 3e38
			}
		}, NotFinite{Layer: 3, Op: "linear", Sample: 1, At: []int{0, 0, 0}}, "layer 3 (linear) gave +Inf"},
	} {
		w, err := net.NewWeights(n)
		if err != nil {
			t.Fatal(err)
		}
		x := [][]float32{make([]float32, 24), make([]float32, 24)}
		c.change(x, w)
		got, err := FindNotFinite(n, w, pixels.InMemory(x, n.Input.C), nil, 1)
		if err != nil || got == nil {
			t.Fatalf("%s: %v, %v", what, got, err)
		}
		if text := fmt.Sprint(got); !strings.HasPrefix(text, c.text) {
			t.Errorf("%s: %q, want %q", what, text, c.text)
		}
		got.Value = 0
		if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: %+v, want %+v", what, *got, c.want)
		}
	}
}
