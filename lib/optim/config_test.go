package optim

import (
	"math"
	"strings"
	"testing"
)

func TestDefaultsAreValid(t *testing.T) {
	for _, name := range names {
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
