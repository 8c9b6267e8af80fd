package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"backdrop/lib/engine"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/scale"
)

// Config says how to train.
type Config struct {
	Epochs        int
	Batch         int // samples a step; 0: all of the data
	Seed          uint64
	Loss          loss.Config
	Optim         optim.Config
	Schedule      string  // const or cosine, over all steps
	Warmup        float64 // epochs
	ValEvery      int     // validate after each epoch that is a multiple of it; 0: after every one
	Patience      int     // stop after so many epochs without a lower validation loss, and keep the best; 0: never
	Normalisation scale.Normalisation
	Augment       Augment
	Threads       int
	ValBatch      int   // samples that are validated on at a time; 0: as many as keep all threads busy
	MostKept      int64 // bytes that a step may keep for the backward pass; 0: any
}

// Validate reports the first setting that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.Epochs < 1:
		return fmt.Errorf("train: epochs must be positive, got %d", c.Epochs)
	case c.Batch < 0:
		return fmt.Errorf("train: batch must be positive, or 0 for all samples, got %d", c.Batch)
	case c.ValEvery < 0 || c.ValEvery > c.Epochs:
		return fmt.Errorf("train: epochs from one validation to the next must be at most the %d of the run, got %d", c.Epochs, c.ValEvery)
	case c.Patience < 0:
		return fmt.Errorf("train: patience must not be negative, got %d", c.Patience)
	case !(c.Warmup >= 0) || c.Warmup > float64(c.Epochs):
		return fmt.Errorf("train: warm-up must be between 0 and the %d epochs, got %v", c.Epochs, c.Warmup)
	}
	if err := c.Optim.Validate(); err != nil {
		return err
	}
	if err := c.Loss.Validate(); err != nil {
		return err
	}
	return optim.Schedule{Name: c.Schedule}.Validate()
}

// validated reports whether an epoch, from 1, is one after which the network is validated.
func (c Config) validated(epoch int) bool { return epoch%max(c.ValEvery, 1) == 0 }

// Record is what is known of an epoch when it ends.
type Record struct {
	Epoch       int      `json:"epoch"` // from 1
	Step        int      `json:"step"`  // steps taken so far
	Samples     int      `json:"samples"`
	LR          float64  `json:"lr"` // of the last step
	Loss        float64  `json:"loss"`
	Accuracy    float64  `json:"accuracy"`
	Skipped     int      `json:"skipped,omitempty"` // steps whose batch lacked a class without which the loss is undefined
	ValLoss     *float64 `json:"val_loss,omitempty"`
	ValAccuracy *float64 `json:"val_accuracy,omitempty"`
	Seconds     float64  `json:"seconds,omitempty"`
}

// Trainer fits weights to data.
type Trainer struct {
	// Progress, if set, is called after every step, when State may be asked for; steps, those of an epoch, is 0 in a
	// stream. Its error ends the training.
	Progress func(epoch, step, steps int, loss float64) error

	// Between, if set, is called before every step and every batch of a validation, when State may be asked for, too.
	Between func()

	config  Config
	net     *net.Network
	weights *net.Weights
	stepNet *net.Network // of a step's samples
	runner  *engine.Runner
	whole   *engine.Runner // of samples that are not cropped
	loss    loss.Loss
	valLoss loss.Loss // without the penalties, which look at attributes of the training data
	optim   *optim.Optimizer
	state   State
	params  [][]float32
	grads   [][]float32
	scores  [][]float32 // of the current batch
	dscores [][]float32
	classes int
}

// New returns a trainer of the weights, which hold the initial values.
func New(n *net.Network, w *net.Weights, c Config) (*Trainer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := c.Normalisation.Validate(n.Input.C); err != nil {
		return nil, err
	}
	classes, err := n.Classes()
	if err != nil {
		return nil, err
	}
	t := &Trainer{config: c, net: n, weights: w, classes: classes}
	if t.loss, err = loss.New(c.Loss, classes); err != nil {
		return nil, err
	}
	if t.whole, err = engine.NewRunner(n, w, c.Threads); err != nil {
		return nil, err
	}
	t.runner = t.whole
	if t.stepNet, err = c.Augment.Network(n); err != nil {
		return nil, err
	}
	if t.stepNet != n {
		if t.runner, err = engine.NewRunner(t.stepNet, w, c.Threads); err != nil {
			return nil, err
		}
	}
	plain := c.Loss
	plain.Penalties = nil
	if t.valLoss, err = loss.New(plain, classes); err != nil {
		return nil, err
	}
	var sizes []int
	for _, p := range w.Params {
		t.params, t.grads, sizes = append(t.params, p.Data), append(t.grads, p.Grad), append(sizes, len(p.Data))
	}
	if t.optim, err = optim.New(c.Optim, sizes); err != nil {
		return nil, err
	}
	t.runner.Expect(c.MostKept)
	t.keepFinished()
	return t, nil
}

// Fit trains on data that is at hand, shuffled anew every epoch if there are several. report is called after each epoch;
// its error ends the training. Whatever the error, State is where it ended; then Finish puts the weights that the run
// leaves in place.
func (t *Trainer) Fit(ctx context.Context, data, val Data, report func(Record) error) error {
	return t.fit(ctx, newTable(data, t.net.Input, &t.config), val, report)
}

// FitStream trains for one epoch on samples in the order in which they come. After Restore it passes over those that
// the run has used already, which must be the same.
func (t *Trainer) FitStream(ctx context.Context, data Stream, val Data, report func(Record) error) error {
	if t.config.Epochs != 1 || t.config.Batch == 0 || t.config.Loss.NeedsAttribute() {
		panic("train: a stream can be read once, batch by batch, and has no attributes")
	}
	s := newStreamed(data, t.net.Input, &t.config)
	if t.state.Epoch > 0 {
		return s.isAll(t.state.Partial)
	}
	return t.fit(ctx, s, val, report)
}

// Epochs returns the number of finished epochs.
func (t *Trainer) Epochs() int { return t.state.Epoch }

// Steps returns the number of steps taken.
func (t *Trainer) Steps() int { return t.state.Step }

func (t *Trainer) fit(ctx context.Context, data batches, val Data, report func(Record) error) error {
	if val != nil {
		if err := t.judges(val); err != nil {
			return err
		}
	}
	for t.state.Epoch < t.config.Epochs && !t.exhausted() {
		start := time.Now()
		if err := t.takeSteps(ctx, data); err != nil {
			return err
		}
		record, err := t.record()
		if err != nil {
			return err
		}
		record.Seconds = time.Since(start).Seconds()
		if val != nil && t.config.validated(record.Epoch) {
			if err := t.validate(ctx, val, &record); err != nil {
				return err
			}
		}
		t.state.Epoch++
		t.state.Partial = data.all()
		t.keepFinished()
		t.keepBest(record)
		if err := report(record); err != nil {
			return err
		}
	}
	return nil
}

// takeSteps takes the steps that the epoch under way still lacks.
func (t *Trainer) takeSteps(ctx context.Context, data batches) error {
	p := &t.state.Partial
	schedule := optim.Schedule{Name: t.config.Schedule, Warmup: int(math.Round(t.config.Warmup * float64(data.steps())))}
	if err := data.start(t.state.Epoch, *p); err != nil {
		return err
	}
	for {
		if err := t.pause(ctx); err != nil {
			return err
		}
		b, err := data.next()
		if err != nil {
			return err
		}
		if len(b.x) == 0 {
			return nil
		}
		p.LR = t.config.Optim.LR * schedule.At(t.state.Step, t.config.Epochs*data.steps())
		value, hits, err := t.step(b, p.LR, data.number)
		switch {
		case errors.Is(err, loss.ErrUndefined):
			p.Skipped++
		case err != nil:
			return err
		default:
			p.Loss += value * float64(len(b.x))
			p.Counted += len(b.x)
		}
		t.state.Step++
		p.Steps++
		p.Samples += len(b.x)
		p.Hits += hits
		p.Print = b.print
		if t.Progress != nil {
			if err := t.Progress(t.state.Epoch, p.Steps, data.steps(), value); err != nil {
				return err
			}
		}
	}
}

// pause is between two pieces of work: an error if the context has ended.
func (t *Trainer) pause(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t.Between != nil {
		t.Between()
	}
	return nil
}

// record sums up an epoch whose steps are taken.
func (t *Trainer) record() (Record, error) {
	p, epoch := t.state.Partial, t.state.Epoch+1
	if p.Samples == 0 {
		return Record{}, fmt.Errorf("train: there are no samples to train on")
	}
	if p.Counted == 0 {
		return Record{}, fmt.Errorf("train: no batch of epoch %d held %s, without which %s is undefined; take larger batches (0: all samples), or look at the labels", epoch, t.needed(), t.config.Loss.Name)
	}
	return Record{
		Epoch: epoch, Step: t.state.Step, Samples: p.Samples, LR: p.LR, Skipped: p.Skipped,
		Loss: p.Loss / float64(p.Counted), Accuracy: float64(p.Hits) / float64(p.Samples),
	}, t.checkNumbers()
}

// evaluationBatch is the number of samples that are evaluated at a time: enough for all threads, and few in memory.
const evaluationBatch = 32

func (c Config) evaluationBatch() int {
	if c.ValBatch > 0 {
		return c.ValBatch
	}
	return evaluationBatch
}

// judges reports an error if the loss is undefined on the labels of validation data, whatever the scores: better before
// the training than after it.
func (t *Trainer) judges(val Data) error {
	var each loss.Batch // a sample of each label
	for i, seen := 0, map[int]bool{}; i < val.Len(); i++ {
		if label := val.Label(i); !seen[label] {
			seen[label] = true
			each.Labels, each.Scores = append(each.Labels, label), append(each.Scores, make([]float32, t.classes))
		}
	}
	if _, err := t.valLoss.Grad(each, nil); errors.Is(err, loss.ErrUndefined) {
		return fmt.Errorf("train: the validation data lacks %s, without which %s is undefined; validate on other data", t.needed(), t.config.Loss.Name)
	}
	return nil
}

// needed says what a batch must hold for the loss to be defined.
func (t *Trainer) needed() string {
	if loss.NeedsBoth(t.config.Loss.Name) {
		return "samples of both classes"
	}
	return "a sample of the positive class"
}

// validate adds the validation loss and accuracy to the record of an epoch.
func (t *Trainer) validate(ctx context.Context, val Data, r *Record) error {
	value, accuracy, err := evaluate(func() error { return t.pause(ctx) }, t.whole, t.valLoss, val, t.config.Normalisation, t.config.evaluationBatch())
	if err != nil {
		return fmt.Errorf("train: validating: %w", err)
	}
	if !finite(value) {
		return t.invalid(val, value)
	}
	r.ValLoss, r.ValAccuracy = &value, &accuracy
	return nil
}

// step is one update: masks, forward, loss, backward, optimiser. It returns the loss and the number of samples that
// were classified correctly. Where the loss is undefined nothing is changed. number is that of a sample of the batch in
// the data.
func (t *Trainer) step(b *batch, lr float64, number func(int) int) (float64, int, error) {
	for len(t.dscores) < len(b.x) {
		t.dscores = append(t.dscores, make([]float32, t.classes))
	}
	masks := t.runner.DrawMasks(t.config.Seed, uint64(t.state.Step), len(b.x))
	if kept := t.runner.Prepare(masks, len(b.x)); t.config.MostKept > 0 && kept > t.config.MostKept {
		return 0, 0, &TooMuch{Step: t.state.Step, Kept: kept, Most: t.config.MostKept}
	}
	t.scores = t.runner.Forward(b.x, masks)
	hits := correct(t.scores, b.labels)
	dscores := t.dscores[:len(b.x)]
	value, err := t.loss.Grad(loss.Batch{Scores: t.scores, Labels: b.labels, Attribute: b.attribute}, dscores)
	if err != nil {
		return 0, hits, err
	}
	what := "the loss"
	if i := slices.IndexFunc(dscores, hasNotFinite); finite(value) && i >= 0 {
		v, _ := firstNotFinite(dscores[i])
		what, value = "the gradient of the loss", float64(v)
	}
	if !finite(value) || !finite(t.state.Partial.Loss+value*float64(len(b.x))) {
		d := &Diverged{Epoch: t.state.Epoch + 1, Step: t.state.Partial.Steps + 1, What: what, Value: value}
		return value, hits, t.diverged(d, t.stepNet, b, masks, number)
	}
	t.weights.ZeroGrad()
	t.runner.Backward(dscores, nil)
	t.optim.Step(t.params, t.grads, lr)
	return value, hits, nil
}
