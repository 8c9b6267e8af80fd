package engine

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// every layer, with strides larger and smaller than the kernel, padding, odd sizes and sizes of one.
var gradientNetworks = map[string]string{
	"conv":           "input c=3 h=7 w=6\nconv out=4 kernel=3 stride=2 pad=1\n",
	"conv gaps":      "input c=2 h=11 w=9\nconv out=3 kernel=2 stride=3\n",
	"conv one row":   "input c=2 h=1 w=9\nconv out=3 kernel=3 pad=1\n",
	"conv two":       "input c=1 h=9 w=9\nconv out=3 kernel=5 stride=2 pad=2\nleakyrelu slope=0.3\nconv out=2 kernel=2 stride=2\n",
	"relu":           "input c=2 h=5 w=5\nrelu\n",
	"leakyrelu":      "input c=2 h=5 w=5\nleakyrelu slope=0.2\n",
	"maxpool":        "input c=2 h=7 w=5\nmaxpool kernel=3 stride=2 pad=1\n",
	"maxpool gaps":   "input c=2 h=7 w=7\nmaxpool kernel=2 stride=3\n",
	"avgpool":        "input c=2 h=7 w=5\navgpool kernel=3 stride=2 pad=1\n",
	"gap":            "input c=3 h=4 w=5\ngap\n",
	"flatten linear": "input c=3 h=4 w=2\nflatten\nlinear out=5\n",
	"linear":         "input c=6 h=1 w=1\nlinear out=4\nlinear out=3\n",
	"dropout":        "input c=2 h=4 w=4\nconv out=2 kernel=1\ndropout p=0.4\nconv out=2 kernel=3\n",
}

// build64 makes a float64 runner with random parameters.
func build64(t *testing.T, text string, r *rand.Rand) *runner[float64] {
	t.Helper()
	n, err := net.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	shapes, _ := n.Shapes()
	all, _ := net.ParamShapes(n)
	net := &runner[float64]{net: n, shapes: shapes, params: make([]layerParams[float64], len(n.Layers))}
	for _, p := range all {
		at, size := &net.params[p.Layer], p.Size()
		if strings.HasSuffix(p.Name, ".bias") {
			at.b, at.db = normals(r, size), make([]float64, size)
		} else {
			at.w, at.dw = normals(r, size), make([]float64, size)
		}
	}
	return net
}

func normals(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

// The gradient of Σ c·y, for random c, against central differences in float64.
func TestGradientAgainstDifferences(t *testing.T) {
	const batch, step = 3, 1e-6
	for name, text := range gradientNetworks {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			net := build64(t, text, r)
			masks, err := net.net.DrawMasks(3, 4, batch)
			if err != nil {
				t.Fatal(err)
			}
			out, _ := net.net.Output()
			var x, c, dx [][]float64
			for range batch {
				x = append(x, normals(r, net.net.Input.Len()))
				c = append(c, normals(r, out.Len()))
				dx = append(dx, make([]float64, net.net.Input.Len()))
			}
			value := func() float64 {
				s := 0.0
				for n, y := range net.forward(x, masks) {
					for i, v := range y {
						s += c[n][i] * v
					}
				}
				return s
			}
			value()
			net.backward(c, dx)
			check := func(what string, v, grad []float64) {
				for i := range v {
					kept := v[i]
					v[i] = kept + step
					up := value()
					v[i] = kept - step
					down := value()
					v[i] = kept
					want := (up - down) / (2 * step)
					// The layers are piecewise linear, so the difference is exact but for rounding: 1e-16·|value|/step.
					if !(math.Abs(grad[i]-want) <= 1e-7*(1+math.Abs(want))) {
						t.Fatalf("%s[%d]: gradient %v, difference %v", what, i, grad[i], want)
					}
				}
			}
			for n := range x {
				check("x", x[n], dx[n])
			}
			for _, p := range net.params {
				check("weight", p.w, p.dw)
				check("bias", p.b, p.db)
			}
		})
	}
}

// A backdrop layer is the identity forward, and its gradient is the unmasked one times the factor.
func TestBackdropIsIdentityForward(t *testing.T) {
	const text = "input c=2 h=6 w=6\nconv out=3 kernel=3\nbackdrop name=m p=0.5 axes=NHW\nflatten\nlinear out=2\n"
	r := rand.New(rand.NewPCG(5, 6))
	net := build64(t, text, r)
	x := [][]float64{normals(r, 72), normals(r, 72)}
	masks, _ := net.net.DrawMasks(1, 0, 2)
	var plain [][]float64
	for _, y := range net.forward(x, nil) {
		plain = append(plain, append([]float64(nil), y...))
	}
	if got := net.forward(x, masks); !reflect.DeepEqual(got, plain) {
		t.Errorf("masked forward pass %v, plain %v", got, plain)
	}
}

// A step's result must not depend on the number of threads, for whole samples and for samples in bands.
func TestThreadsGiveTheSameBits(t *testing.T) {
	for _, batch := range []int{1, 3, 11} { // fewer than threads, and not a multiple of the number of groups
		for _, elements := range []int{64 << 10, 500} {
			t.Run(fmt.Sprint(batch, elements), func(t *testing.T) {
				inBands(t, elements)
				for _, name := range net.Presets {
					sameBits(t, name, batch)
				}
			})
		}
	}
}

func sameBits(t *testing.T, name string, batch int) {
	n, err := net.Preset(name, net.Shape{C: 1, H: 32, W: 32}, 4)
	if err != nil {
		t.Fatal(err)
	}
	var want [][]float32
	for _, threads := range []int{1, 2, 7} {
		w, _ := net.NewWeights(n)
		w.Init(1)
		r, _ := NewRunner(n, w, threads)
		masks, _ := n.DrawMasks(1, 2, batch)
		var x, dout, dx [][]float32
		rnd := rand.New(rand.NewPCG(1, 1))
		for range batch {
			x, dout = append(x, single(normals(rnd, 1024))), append(dout, []float32{1, -1, 0.5, 0.25})
			dx = append(dx, make([]float32, 1024))
		}
		var got [][]float32
		for range 2 { // the second time with used memory
			w.ZeroGrad()
			got = got[:0]
			for _, y := range r.Forward(pixels.InMemory(x, n.Input.C), masks) {
				got = append(got, append([]float32(nil), y...))
			}
			r.Backward(dout, pixels.Sinks(dx, 1))
		}
		got = append(got, dx...)
		for _, p := range w.Params {
			got = append(got, p.Grad)
		}
		if want == nil {
			want = got
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s, %d threads: other bits than with one", name, threads)
		}
	}
}
