package train

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"backdrop/lib/data"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/scale"
)

// withSample returns stripes of which one sample is all v.
func withSample(number int, v float32) *stripes {
	s := newStripes(40, 1)
	for i := range s.x[number] {
		s.x[number][i] = v
	}
	return s
}

const binaryNetwork = `input c=1 h=8 w=8
conv out=4 kernel=3 pad=1
leakyrelu slope=0.1
gap
linear out=1
`

// What diverged, what gave it, and what to do about it.
func TestDiverged(t *testing.T) {
	sgd := func(rate float64) func(*Config) {
		return func(c *Config) {
			c.Optim, _ = optim.Default("sgd")
			c.Optim.LR = rate
		}
	}
	bce := func(weight float64) func(*Config) {
		return func(c *Config) { c.Loss = loss.Config{Name: "bce", PositiveWeight: weight} }
	}
	penalty := func(weight float64) func(*Config) {
		return func(c *Config) {
			c.Loss = loss.Config{Name: "xent", Penalties: []loss.Penalty{{Name: "mmd", Weight: weight}}}
		}
	}
	inf := float32(math.Inf(-1))
	for what, c := range map[string]struct {
		data   *stripes
		val    *stripes
		change func(*Config)
		want   []string // parts of the message
	}{
		"rate":         {change: sgd(1e30), want: []string{"the loss is", "in epoch 1, step 2: layer", "gave", "for sample", "; try a lower learning rate"}},
		"rate, weight": {change: sgd(1e42), want: []string{"the loss is NaN in epoch 1, step 2: 0.weight is ", " at [0 0 0 0]; try a lower learning rate"}},
		"last step": {change: func(c *Config) {
			sgd(1e42)(c)
			c.Batch = 0
		}, want: []string{"a value of 0.weight is ", "in epoch 1, step 1; try a lower learning rate"}},
		"NaN in the data":      {data: withSample(9, float32(math.NaN())), want: []string{"the input is NaN at channel, row, column [0 0 0] in sample 9; try to mend the data"}},
		"infinity in the data": {data: withSample(39, inf), want: []string{"the input is -Inf at channel, row, column [0 0 0] in sample 39; try to mend the data"}},
		"huge data":            {data: withSample(9, 3e38), want: []string{"layer 0 (conv) gave", "for sample 9, and values of sample 9 reach 3e+38; try to bring the data to a smaller scale"}},
		"weight of positives":  {change: bce(1e300), want: []string{"the gradient of the loss is", "step 1: the scores of the network are finite; try a lower weight of the positive class (1e+300)"}},
		"large weight":         {change: bce(1e30), want: []string{"(the gradients are too large)", "; try a lower weight of the positive class (1e+30)"}},
		"penalty":              {change: penalty(1e300), want: []string{"the scores of the network are finite; try a lower weight of the penalty mmd (1e+300)"}},
		"both": {change: func(c *Config) {
			sgd(1e30)(c)
			bce(2)(c)
		}, want: []string{"; try a lower learning rate, or a lower weight of the positive class (2)"}},
		"validation": {val: withSample(33, 3e38), want: []string{"the validation loss is", "in epoch 1, step 6: layer 0 (conv) gave", "for sample 33, and"}},
	} {
		config := config()
		config.Schedule, config.Warmup = "const", 0
		if c.change != nil {
			c.change(&config)
		}
		if c.data == nil {
			c.data = newStripes(40, 1)
		}
		text := network
		if loss.Binary(config.Loss.Name) {
			text = binaryNetwork
		}
		n, err := net.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		w, err := net.NewWeights(n)
		if err != nil {
			t.Fatal(err)
		}
		w.Init(1)
		trainer, err := New(n, w, config)
		if err != nil {
			t.Fatal(err)
		}
		var val *data.Set
		if c.val != nil {
			val = data.All(c.val)
		}
		err = trainer.Fit(context.Background(), data.All(c.data), val, ignore)
		var d *Diverged
		if !errors.As(err, &d) {
			t.Errorf("%s: got %v", what, err)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q lacks %q", what, err, part)
			}
		}
	}
}

// A validation loss that overflows by its weight alone.
func TestDivergedInValidationByTheLoss(t *testing.T) {
	c := config()
	c.Loss = loss.Config{Name: "bce", PositiveWeight: 2}
	n, err := net.Parse(binaryNetwork)
	if err != nil {
		t.Fatal(err)
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := New(n, w, c)
	if err != nil {
		t.Fatal(err)
	}
	err = trainer.invalid(newSet(100, 1), scale.Normalisation{}, math.Inf(1))
	if err == nil || !strings.Contains(err.Error(), "the scores of the network are finite; try a lower learning rate, or a lower weight of the positive class (2)") {
		t.Errorf("got %v", err)
	}
}

// The sample of a part of the data is called by its number in the whole.
func TestDivergedInAPart(t *testing.T) {
	part, held := data.All(withSample(9, 3e38)).Split(0.25, 1)
	trainer, _ := newTrainer(t, config())
	if err := trainer.Fit(context.Background(), part, held, ignore); err == nil || !strings.Contains(err.Error(), "for sample 9, and values of sample 9 reach") {
		t.Errorf("got %v", err)
	}
}
