package main

import (
	"testing"

	"backdrop/lib/optim"
)

func TestDefaultsOf(t *testing.T) {
	decay := func(c optim.Config) float64 { return c.WeightDecay }
	method := func(name string, v float64) optim.Method {
		return optim.Method{Name: name, Default: optim.Config{WeightDecay: v}}
	}
	for want, list := range map[string][]optim.Method{
		"0.01 for c, else 0":         {method("a", 0), method("b", 0), method("c", 0.01)},
		"1 for a, 2 for c, else 0.5": {method("a", 1), method("b", 0.5), method("c", 2), method("d", 0.5)},
		"0 for a, 0.9 for b":         {method("a", 0), method("b", 0.9)},
		"3":                          {method("a", 3), method("b", 3)},
	} {
		if got := defaultsOf(list, decay); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := namesOf(withMomentum()); got != "sgd and nesterov" {
		t.Errorf("momentum: %q", got)
	}
}
