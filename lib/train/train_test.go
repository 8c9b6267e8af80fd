package train

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
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

// stripes are 8×8 samples of noise with horizontal (class 0) or vertical (class 1) stripes in it.
type stripes struct {
	x      [][]float32
	labels []int
	err    error // of reading
}

func newStripes(n int, seed uint64) *stripes {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &stripes{}
	for i := range n {
		x := make([]float32, 64)
		for j := range x {
			place := j / 8
			if i%2 == 1 {
				place = j % 8
			}
			x[j] = float32(place%2) + float32(r.NormFloat64())/4
		}
		s.x, s.labels = append(s.x, x), append(s.labels, i%2)
	}
	return s
}

// newSet is a set of them.
func newSet(n int, seed uint64) *data.Set { return data.All(newStripes(n, seed)) }

func (s *stripes) Len() int        { return len(s.x) }
func (s *stripes) InPlace() bool   { return true }
func (s *stripes) Label(i int) int { return s.labels[i] }
func (s *stripes) Err() error      { return s.err }
func (s *stripes) Sample(i int) pixels.Source {
	return &pixels.Memory{Values: s.x[i], Count: len(s.x[i])}
}

const network = `input c=1 h=8 w=8
conv out=4 kernel=3 pad=1
relu
backdrop name=fine p=0.5 axes=NHW
dropout p=0.1
gap
linear out=2
`

func config() Config {
	c, _ := optim.Default("adam")
	c.LR = 0.02
	return Config{Epochs: 12, Batch: 7, Seed: 3, Loss: loss.Config{Name: "xent"}, Optim: c, Schedule: "cosine", Warmup: 1}
}

func newTrainer(t *testing.T, c Config) (*Trainer, *net.Weights) {
	t.Helper()
	n, err := net.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	w.Init(c.Seed)
	trainer, err := New(n, w, c)
	if err != nil {
		t.Fatal(err)
	}
	return trainer, w
}

func values(w *net.Weights) [][]float32 {
	var all [][]float32
	for _, p := range w.Params {
		all = append(all, slices.Clone(p.Data))
	}
	return all
}

func ignore(run.Record) error { return nil }

func TestFitLearns(t *testing.T) {
	trainer, _ := newTrainer(t, config())
	var last run.Record
	err := trainer.Fit(context.Background(), newSet(40, 1), newSet(60, 2), func(r run.Record) error {
		last = r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// The stripes are plain to see: a network that learns at all gets every unseen sample right.
	if *last.ValAccuracy != 1 || last.Epoch != 12 || last.Samples != 40 || last.Step != 12*6 {
		t.Errorf("last epoch: %+v, validation accuracy %v", last, *last.ValAccuracy)
	}
}

// Labels that contradict the training data cannot be learned: the validation loss soon rises, and the best weights
// are kept.
func TestPatienceKeepsTheBest(t *testing.T) {
	for every, epochs := range map[int]int{0: 3, 1: 3, 2: 4, 3: 3, 5: 5} { // between the best and the last one
		c := config()
		c.Epochs, c.ValEvery, c.Patience, c.Optim.LR = 400, every, 3, 0.1
		set, wrong := newSet(10, 1), newStripes(10, 2)
		slices.Reverse(wrong.labels)
		val := data.All(wrong)
		trainer, w := newTrainer(t, c)
		best, bestLoss, bestEpoch, last := [][]float32(nil), math.Inf(1), 0, 0
		err := trainer.Fit(context.Background(), set, val, func(r run.Record) error {
			if r.ValLoss != nil && *r.ValLoss < bestLoss {
				best, bestLoss, bestEpoch = values(w), *r.ValLoss, r.Epoch
			}
			last = r.Epoch
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if last != bestEpoch+epochs {
			t.Errorf("validated every %d epochs, stopped after epoch %d, the best was %d and patience 3", every, last, bestEpoch)
		}
		if trainer.FinalEpoch() != bestEpoch {
			t.Errorf("the weights are said to be those of epoch %d, the best was %d", trainer.FinalEpoch(), bestEpoch)
		}
		trainer.Finish()
		if !reflect.DeepEqual(values(w), best) {
			t.Errorf("validated every %d epochs: the weights are not those of the best epoch", every)
		}
	}
}

// Validating less often leaves out figures of some epochs and changes nothing else.
func TestValEvery(t *testing.T) {
	set, val := newSet(10, 1), newSet(10, 2)
	var all, some []run.Record
	var weights [2][][]float32
	for i, every := range []int{0, 3} {
		c := config()
		c.Epochs, c.ValEvery = 8, every
		trainer, w := newTrainer(t, c)
		err := trainer.Fit(context.Background(), set, val, func(r run.Record) error {
			r.Seconds = 0
			if every == 0 && r.Epoch%3 != 0 {
				r.ValLoss, r.ValAccuracy = nil, nil
			}
			if every == 0 {
				all = append(all, r)
			} else {
				some = append(some, r)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		weights[i] = values(w)
	}
	if some[2].ValLoss == nil || some[5].ValLoss == nil || !reflect.DeepEqual(some, all) {
		t.Errorf("every third epoch: %+v, want %+v", some, all)
	}
	if !reflect.DeepEqual(weights[0], weights[1]) {
		t.Error("other weights")
	}
}

// Training on crops changes the weights of the network of whole samples, which validation sees.
func TestFitOnCrops(t *testing.T) {
	c := config()
	c.Augment = data.Augment{Crop: dims.Square(5), Flip: true}
	trainer, _ := newTrainer(t, c)
	var last run.Record
	err := trainer.Fit(t.Context(), newSet(40, 1), newSet(40, 2), func(r run.Record) error { last = r; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if last.Accuracy < 0.9 || *last.ValAccuracy < 0.9 {
		t.Errorf("accuracy %v on crops, %v on whole samples, want 0.9", last.Accuracy, *last.ValAccuracy)
	}
}

func TestConfigErrors(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"epochs":        func(c *Config) { c.Epochs = -1 },
		"batch":         func(c *Config) { c.Batch = -1 },
		"validation":    func(c *Config) { c.ValEvery = -1 },
		"too late":      func(c *Config) { c.ValEvery = c.Epochs + 1 },
		"patience":      func(c *Config) { c.Patience = -1 },
		"warm-up":       func(c *Config) { c.Warmup = math.NaN() },
		"learning rate": func(c *Config) { c.Optim.LR = -1 },
		"schedule":      func(c *Config) { c.Schedule = "step" },
		"loss":          func(c *Config) { c.Loss.Name = "auc" },
	} {
		c := config()
		change(&c)
		if err := c.Validate(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Without an epoch no step is taken, weights stay, and memory is planned as for one step.
func TestNoEpochs(t *testing.T) {
	c := config()
	c.Epochs, c.Warmup = 0, 0
	trainer, w := newTrainer(t, c)
	before := slices.Clone(w.Params[0].Data)
	err := trainer.Fit(t.Context(), newSet(20, 1), newSet(10, 2), func(run.Record) error { return errors.New("an epoch") })
	trainer.Finish()
	if err != nil || !slices.Equal(w.Params[0].Data, before) || trainer.Steps() != 0 || trainer.FinalEpoch() != 0 {
		t.Errorf("%v after %d steps", err, trainer.Steps())
	}
	for _, any := range []bool{false, true} {
		kept, looked, err := c.Largest(trainer.net, Extent{Samples: 20}, any)
		if err != nil || looked != 1 {
			t.Fatalf("%d steps, %v", looked, err)
		}
		if _, err := c.Memory(trainer.net, Extent{Samples: 20}, kept); err != nil {
			t.Error(err)
		}
	}
}

func TestNormalisationMustFit(t *testing.T) {
	n, err := net.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []scale.Normalisation{{Mean: []float32{0}, Std: []float32{0}}, {Mean: []float32{0, 0}, Std: []float32{1, 1}}} {
		c := config()
		c.Normalisation = bad
		if _, err := New(n, w, c); err == nil {
			t.Errorf("%v of one channel was taken", bad)
		}
	}
}

// Of a step whose samples could not be read nothing is learned, and a validation of such says nothing.
func TestUnreadableSamples(t *testing.T) {
	c := config()
	trainer, w := newTrainer(t, c)
	before := slices.Clone(w.Params[0].Data)
	bad := newStripes(20, 1)
	bad.err = errors.New("cut")
	if err := trainer.Fit(t.Context(), data.All(bad), nil, ignore); err != bad.err || !slices.Equal(w.Params[0].Data, before) || trainer.Steps() != 0 {
		t.Errorf("%v after %d steps", err, trainer.Steps())
	}
	trainer, _ = newTrainer(t, c)
	if err := trainer.Fit(t.Context(), newSet(20, 1), data.All(bad), ignore); !errors.Is(err, bad.err) || trainer.Epochs() != 0 {
		t.Errorf("validation: %v after %d epochs", err, trainer.Epochs())
	}
	c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
	trainer, _ = newTrainer(t, c)
	if err := trainer.FitOnce(t.Context(), &stripesOnce{stripes: bad}, nil, ignore); err != bad.err || trainer.Steps() != 0 {
		t.Errorf("one after the other: %v after %d steps", err, trainer.Steps())
	}
}
