package optim

import (
	"math"
	"strings"
	"testing"
)

func TestDefaultsAreValid(t *testing.T) {
	for _, name := range Names() {
		c, err := Default(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Default("lion"); err == nil || !strings.Contains(err.Error(), "sgd, nesterov, adam, adamw") {
		t.Errorf("unknown name: %v, want the list of names", err)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"adam", func(c *Config) { c.Name = "Adam" }, `unknown optimiser "Adam"`},
		{"adam", func(c *Config) { c.LR = 0 }, "learning rate must be positive, got 0"},
		{"adam", func(c *Config) { c.LR = -1 }, "learning rate must be positive, got -1"},
		{"sgd", func(c *Config) { c.LR = math.NaN() }, "learning rate must be positive, got NaN"},
		{"sgd", func(c *Config) { c.LR = math.Inf(1) }, "learning rate must be positive, got +Inf"},
		{"sgd", func(c *Config) { c.WeightDecay = -0.1 }, "weight decay must not be negative, got -0.1"},
		{"sgd", func(c *Config) { c.WeightDecay = math.NaN() }, "weight decay must not be negative, got NaN"},
		{"sgd", func(c *Config) { c.Momentum = -0.9 }, "momentum must be in [0, 1), got -0.9"},
		{"nesterov", func(c *Config) { c.Momentum = 0 }, "nesterov needs a positive momentum"},
		{"adam", func(c *Config) { c.Momentum = 0.9 }, "adam has no momentum, got 0.9"},
		{"adam", func(c *Config) { c.Beta1 = 1 }, "beta1 must be in [0, 1), got 1"},
		{"adamw", func(c *Config) { c.Beta2 = math.NaN() }, "beta2 must be in [0, 1), got NaN"},
		{"adamw", func(c *Config) { c.Momentum = 0.9 }, "adamw has no momentum, got 0.9; use sgd or nesterov"},
		{"sgd", func(c *Config) { c.Beta1 = 0.9 }, "sgd has no beta1, got 0.9; use adam or adamw"},
		{"adamw", func(c *Config) { c.Eps = 0 }, "eps must be positive, got 0"},
	} {
		config, err := Default(c.name)
		if err != nil {
			t.Fatal(err)
		}
		c.change(&config)
		if err := config.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want an error with %q", config, err, c.want)
		}
		if _, err := New(config, []int{1}); err == nil {
			t.Errorf("New(%+v): no error", config)
		}
	}
}

// Every optimiser of the table is whole: it takes steps from its own defaults, with as much state as it says.
func TestMethods(t *testing.T) {
	for _, m := range Methods() {
		if m.Default.Name != m.Name || m.Default.LR != defaultLR {
			t.Errorf("%s: defaults %+v", m.Name, m.Default)
		}
		o, err := New(m.Default, []int{2, 1})
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		if got, want := len(o.State()), 2*m.Default.StateArrays(); got != want {
			t.Errorf("%s has %d arrays of state, want %d", m.Name, got, want)
		}
		p := [][]float32{{1, 2}, {3}}
		o.Step(p, [][]float32{{1, -1}, {0.5}}, 0.1)
		if !(p[0][0] < 1) || !(p[0][1] > 2) || !(p[1][0] < 3) {
			t.Errorf("%s goes up: %v", m.Name, p)
		}
	}
}

// Estimates of memory count these arrays.
func TestStateArrays(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   int
	}{{Config{Name: "sgd"}, 0}, {Config{Name: "sgd", Momentum: 0.9}, 1}, {Config{Name: "nesterov", Momentum: 0.9}, 1}, {Config{Name: "adam"}, 2}, {Config{Name: "adamw"}, 2}} {
		if got := c.config.StateArrays(); got != c.want {
			t.Errorf("%+v has %d arrays of state, want %d", c.config, got, c.want)
		}
	}
}
