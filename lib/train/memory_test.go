package train

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"

	"backdrop/lib/data"
	"backdrop/lib/dims"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
	"backdrop/lib/scale"
)

// large are samples of side 64, which are at hand or have to be converted.
type large struct{ held bool }

const largeSide, largeSamples = 64, 50

var largeX = make([]float32, largeSide*largeSide)

func (l large) Len() int        { return largeSamples }
func (l large) Label(i int) int { return i % 2 }
func (l large) InPlace() bool   { return l.held }
func (l large) Err() error      { return nil }
func (l large) Sample(i int) pixels.Source {
	m := &pixels.Memory{Values: largeX, Count: len(largeX)}
	if l.held {
		return m
	}
	return inFile{m}
}

// inFile is a sample that is not in memory.
type inFile struct{ pixels.Source }

// largeOnce gives them one after the other.
type largeOnce struct{ n int }

func (s *largeOnce) Next() (pixels.Source, int, error) {
	if s.n++; s.n > largeSamples {
		return nil, 0, io.EOF
	}
	return &pixels.Memory{Values: slices.Clone(largeX), Count: len(largeX)}, s.n % 2, nil
}

func (s *largeOnce) Release(pixels.Source) {}

func (s *largeOnce) Err() error { return nil }

func live() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Training takes no more memory than planned, and not much less.
func TestMemory(t *testing.T) {
	sgd, _ := optim.Default("sgd")
	for name, c := range map[string]struct {
		change    func(*Config)
		data, val *data.Set // nil data: a stream
		head      string
	}{
		"in place":       {func(c *Config) {}, data.All(large{held: true}), nil, ""},
		"converted":      {func(c *Config) {}, data.All(large{}), nil, ""},
		"part":           {func(c *Config) {}, &data.Set{Table: large{held: true}, Numbers: []int{1, 2, 3, 4, 5, 6, 7, 8}}, &data.Set{Table: large{held: true}, Numbers: []int{0, 9}}, ""},
		"stream":         {func(c *Config) { c.Epochs = 1; c.Schedule = "const"; c.Warmup = 0 }, nil, data.All(large{}), ""},
		"normalised":     {func(c *Config) { c.Normalisation = scale.Normalisation{Mean: []float32{1}, Std: []float32{1}} }, data.All(large{held: true}), data.All(large{held: true}), ""},
		"validated":      {func(c *Config) { c.ValBatch = 3 }, data.All(large{held: true}), data.All(large{}), ""},
		"flipped":        {func(c *Config) { c.Augment.Flip = true }, data.All(large{}), data.All(large{}), ""},
		"cropped":        {func(c *Config) { c.Augment.Crop = dims.Square(20) }, data.All(large{}), data.All(large{}), ""},
		"all at once":    {func(c *Config) { c.Batch = 0 }, data.All(large{held: true}), nil, ""},
		"one at a time":  {func(c *Config) { c.Batch = 1; c.Threads = 1 }, data.All(large{held: true}), nil, ""},
		"sgd":            {func(c *Config) { c.Optim = sgd }, data.All(large{held: true}), nil, "linear out=3000\nrelu\n"},
		"wide, patience": {func(c *Config) { c.Patience = 3 }, data.All(large{held: true}), data.All(large{held: true}), "linear out=3000\nrelu\nlinear out=100\nrelu\n"},
		"rank, dependent": {func(c *Config) {
			c.Loss = loss.Config{Name: "auc-sqhinge", Penalties: []loss.Penalty{{Name: "mmd", Weight: 1}}}
			c.Batch = 0
		}, data.All(large{held: true}), data.All(large{held: true}), "linear out=1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			config := config()
			config.Epochs, config.Warmup, config.Threads = 3, 0, 2
			c.change(&config)
			text := "input c=1 h=64 w=64\nconv out=24 kernel=3 pad=1\nrelu\nmaxpool kernel=2\nbackdrop name=fine p=0.8 axes=NHW\nconv out=24 kernel=3 pad=1\nrelu\ngap\n" + c.head
			if c.head != "linear out=1\n" {
				text += "linear out=2\n"
			}
			n, err := net.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			e := ExtentOf(c.data, c.val)
			kept, looked, err := config.Largest(n, e, false)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := config.Memory(n, e, kept)
			if err != nil {
				t.Fatal(err)
			}
			config.MostKept = plan.Engine.Kept
			before := live()
			w, err := net.NewWeights(n)
			if err != nil {
				t.Fatal(err)
			}
			w.Init(1)
			trainer, err := New(n, w, config)
			if err != nil {
				t.Fatal(err)
			}
			report := func(run.Record) error { return nil }
			most := int64(0)
			trainer.Progress = func(_, step, _ int, _ float64) error {
				if step%4 == 1 {
					most = max(most, live()-before)
				}
				return nil
			}
			if c.data == nil {
				err = trainer.FitOnce(context.Background(), &largeOnce{}, c.val, report)
			} else {
				err = trainer.Fit(context.Background(), c.data, c.val, report)
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, steps := config.Steps(e.Samples); looked > steps || c.data != nil && looked != trainer.Steps() {
				t.Errorf("looked at %d of %d steps", looked, trainer.Steps())
			}
			most = max(most, live()-before)
			const constant = 150 << 10
			if total := plan.Total(); most > total+constant || float64(total) > 1.35*float64(most)+constant {
				t.Errorf("took %d bytes, planned were %d: %+v", most, total, plan)
			}
			runtime.KeepAlive(trainer)
		})
	}
}

// A step that would keep more than planned is an error before it is taken.
func TestMostKept(t *testing.T) {
	c := config()
	n, err := net.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	set := newSet(40, 1)
	kept, _, err := c.Largest(n, ExtentOf(set, nil), false)
	if err != nil {
		t.Fatal(err)
	}
	c.MostKept = kept.Kept()
	trainer, _ := newTrainer(t, c)
	if err := trainer.Fit(context.Background(), set, nil, ignore); err != nil {
		t.Fatal(err)
	}
	c.MostKept /= 2
	trainer, _ = newTrainer(t, c)
	err = trainer.Fit(context.Background(), set, nil, ignore)
	if e := (*TooMuch)(nil); !errors.As(err, &e) || e.Most != c.MostKept || e.Kept <= e.Most || e.Step != trainer.Steps() {
		t.Errorf("%v after %d steps", err, trainer.Steps())
	}
}
