package optim

import (
	"math"
	"slices"
	"testing"
)

// TestHandChecked takes two steps whose results are worked out in the comments, with lr 0.5 and gradients 2, then 4.
func TestHandChecked(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   [2]float64
	}{
		// 1 − 0.5·2 = 0; 0 − 0.5·4 = −2
		{Config{Name: "sgd", LR: 1}, [2]float64{0, -2}},
		// g = 2 + 1·1 = 3: 1 − 1.5 = −0.5; g = 4 − 0.5 = 3.5: −0.5 − 1.75 = −2.25
		{Config{Name: "sgd", LR: 1, WeightDecay: 1}, [2]float64{-0.5, -2.25}},
		// b = 2: 0; b = 0.5·2 + 4 = 5: −2.5
		{Config{Name: "sgd", LR: 1, Momentum: 0.5}, [2]float64{0, -2.5}},
		// b = 2, d = 2 + 1: 1 − 1.5 = −0.5; b = 5, d = 4 + 2.5: −0.5 − 3.25 = −3.75
		{Config{Name: "nesterov", LR: 1, Momentum: 0.5}, [2]float64{-0.5, -3.75}},
		// β = 0: m = g, v = g², so each step is lr·g/(|g| + 1): 1 − 0.5·2/3; then − 0.5·4/5
		{Config{Name: "adam", LR: 1, Eps: 1}, [2]float64{1 - 1.0/3, 1 - 1.0/3 - 0.4}},
		// the same after shrinking by 1 − 0.5·1: 0.5 − 1/3 = 1/6; 1/12 − 0.4
		{Config{Name: "adamw", LR: 1, Eps: 1, WeightDecay: 1}, [2]float64{1.0 / 6, 1.0/12 - 0.4}},
	} {
		o, err := New(c.config, []int{0, 1})
		if err != nil {
			t.Fatal(err)
		}
		p := [][]float32{{}, {1}}
		for i, g := range []float32{2, 4} {
			o.Step(p, [][]float32{{}, {g}}, 0.5)
			if got := float64(p[1][0]); !(math.Abs(got-c.want[i]) <= 1e-6) {
				t.Errorf("%+v: step %d gives %v, want %v", c.config, i+1, got, c.want[i])
			}
		}
		if o.Steps != 2 {
			t.Errorf("%s: %d steps, want 2", c.config.Name, o.Steps)
		}
	}
}

// TestRestore continues from a copy of parameters, state and step count, and must arrive at the same bits.
func TestRestore(t *testing.T) {
	for _, name := range Names() {
		c, err := Default(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "sgd" {
			c.Momentum = 0.9
		}
		c.WeightDecay = 0.1
		sizes := []int{3, 5}
		newOptimizer := func() *Optimizer {
			o, err := New(c, sizes)
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		grads := func(step int) [][]float32 {
			var all [][]float32
			for j, n := range sizes {
				g := make([]float32, n)
				for i := range g {
					g[i] = float32(math.Sin(float64(10*step + 3*j + i)))
				}
				all = append(all, g)
			}
			return all
		}
		a := newOptimizer()
		p := [][]float32{{1, 2, 3}, {-1, 0, 1, 2, 3}}
		for step := range 4 {
			a.Step(p, grads(step), c.LR)
		}
		b := newOptimizer()
		b.Steps = a.Steps
		for i, slot := range b.State() {
			from := a.State()[i]
			if slot.Param != from.Param || slot.Name != from.Name || len(slot.Data) != sizes[slot.Param] {
				t.Fatalf("%s: slot %d is %d.%s with %d elements", name, i, slot.Param, slot.Name, len(slot.Data))
			}
			copy(slot.Data, from.Data)
		}
		q := [][]float32{slices.Clone(p[0]), slices.Clone(p[1])}
		for step := 4; step < 8; step++ {
			a.Step(p, grads(step), c.LR)
			b.Step(q, grads(step), c.LR)
		}
		if !slices.Equal(p[0], q[0]) || !slices.Equal(p[1], q[1]) {
			t.Errorf("%s: restored run gives %v, undisturbed %v", name, q, p)
		}
		if len(a.State()) == 0 {
			t.Errorf("%s keeps no state", name)
		}
	}
}

func TestStepPanicsOnOtherShapes(t *testing.T) {
	c, _ := Default("adam")
	for name, p := range map[string][][]float32{"number": {{1, 2}}, "length": {{1, 2}, {3}}} {
		t.Run(name, func(t *testing.T) {
			o, err := New(c, []int{2, 2})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			o.Step(p, p, 0.1)
		})
	}
}
