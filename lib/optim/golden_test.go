package optim

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/sbinet/npyio"
)

// TestGoldenOptim follows PyTorch's optimisers step by step.
func TestGoldenOptim(t *testing.T) {
	cases, _ := filepath.Glob(filepath.Join(cmp.Or(os.Getenv("BACKDROP_GOLDEN"), "testdata/golden"), "opt_*"))
	if len(cases) == 0 {
		t.Fatal("no reference vectors found")
	}
	for _, dir := range cases {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var meta struct {
				Optimiser string
				RTol      float64
			}
			text, err := os.ReadFile(filepath.Join(dir, "case.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &meta); err != nil {
				t.Fatal(err)
			}
			c, err := Default(meta.Optimiser)
			if err != nil {
				t.Fatal(err)
			}
			switch meta.Optimiser { // the note in case.json gives these in words
			case "sgd":
				c.LR, c.Momentum, c.WeightDecay = 0.05, 0.9, 0.01
			case "nesterov":
				c.LR, c.Momentum = 0.05, 0.9
			case "adam":
				c.LR = 0.01
			case "adamw":
				c.LR, c.WeightDecay = 0.01, 0.1
			}
			p, grads, steps := readFloats(t, dir, "start"), readFloats(t, dir, "grads"), readFloats(t, dir, "steps")
			n := len(p)
			if n == 0 || len(grads) < n || len(grads) != len(steps) {
				t.Fatalf("%d parameters, %d gradients, %d results", n, len(grads), len(steps))
			}
			largest := 0.0
			for _, v := range steps {
				largest = max(largest, math.Abs(float64(v)))
			}
			o, err := New(c, []int{n})
			if err != nil {
				t.Fatal(err)
			}
			for at := 0; at < len(grads); at += n {
				o.Step([][]float32{p}, [][]float32{grads[at : at+n]}, c.LR)
				for i, want := range steps[at : at+n] {
					if !(math.Abs(float64(p[i]-want)) <= meta.RTol*largest) {
						t.Fatalf("step %d, parameter %d: got %v, want %v", o.Steps, i, p[i], want)
					}
				}
			}
		})
	}
}

func readFloats(t *testing.T, dir, name string) []float32 {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name+".npy"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var data []float32
	if err := npyio.Read(f, &data); err != nil {
		t.Fatalf("%s: %v", f.Name(), err)
	}
	return data
}
