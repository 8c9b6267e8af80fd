package optim

import (
	"fmt"
	"testing"

	"backdrop/internal/testkit/golden"
)

// TestGoldenOptim follows PyTorch's optimisers step by step.
func TestGoldenOptim(t *testing.T) {
	for _, c := range golden.Cases(t, "opt_") {
		t.Run(c.Name, func(t *testing.T) {
			config, err := Default(c.String("optimiser"))
			if err != nil {
				t.Fatal(err)
			}
			switch config.Name { // the note in case.json gives these in words
			case "sgd":
				config.LR, config.Momentum, config.WeightDecay = 0.05, 0.9, 0.01
			case "nesterov":
				config.LR, config.Momentum = 0.05, 0.9
			case "adam":
				config.LR = 0.01
			case "adamw":
				config.LR, config.WeightDecay = 0.01, 0.1
			}
			p, _ := c.Float32(t, "start")
			grads, shape := c.Float32(t, "grads")
			steps, _ := c.Float32(t, "steps")
			n := shape[1]
			o, err := New(config, []int{n})
			if err != nil {
				t.Fatal(err)
			}
			for i := range shape[0] {
				o.Step([][]float32{p}, [][]float32{grads[i*n : (i+1)*n]}, config.LR)
				golden.Close(t, fmt.Sprintf("step %d", i+1), p, steps[i*n:(i+1)*n], c.RTol())
			}
		})
	}
}
