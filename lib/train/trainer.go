package train

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"backdrop/lib/data"
	"backdrop/lib/engine"
	"backdrop/lib/finite"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/run"
)

// Trainer fits weights to data.
type Trainer struct {
	// Progress, if set, is called after every step, when State may be asked for; steps, those of an epoch, is 0 if
	// that is not known. Its error ends the training.
	Progress func(epoch, step, steps int, loss float64) error

	// Between, if set, is called before every step and every batch of a validation, when State may be asked for, too.
	Between func()

	config  Config
	net     *net.Network
	weights *net.Weights
	stepNet *net.Network // of a step's samples
	runner  *engine.Runner
	whole   *engine.Sizes // of samples that are not cropped
	loss    loss.Loss
	valLoss loss.Loss // without the penalties, which look at attributes of the training data
	optim   *optim.Optimizer
	state   State
	params  [][]float32
	grads   [][]float32
	scores  [][]float32 // of the current batch
	dscores [][]float32
	classes int
	under   under
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
	if t.runner, err = engine.NewRunner(n, w, c.Threads); err != nil {
		return nil, err
	}
	t.whole = engine.NewSizes(t.runner, w)
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
	t.runner.Recompute(c.Recompute)
	t.saveFinished()
	t.under.took(1, 1)
	return t, nil
}

// Fit trains on a set, shuffled anew every epoch if there are several, and validates on another, if it is not nil. report is
// called after each epoch; its error ends the training. Whatever the error, State is where it ended; then Finish puts the
// weights that the run leaves in place.
func (t *Trainer) Fit(ctx context.Context, set, val *data.Set, report func(run.Record) error) error {
	return t.fit(ctx, data.NewSetBatches(set, t.config.training(t.net.Input)), val, report)
}

// FitOnce trains for one epoch on samples in the order in which they come. After Restore it passes over those that
// the run has used already, which must be the same.
func (t *Trainer) FitOnce(ctx context.Context, samples data.OnePass, val *data.Set, report func(run.Record) error) error {
	if t.config.Epochs != 1 || t.config.Batch == 0 || t.config.Loss.NeedsAttribute() {
		panic("train: what can be read once is taken batch by batch, and has no attributes")
	}
	batches := data.NewOnceBatches(samples, t.config.training(t.net.Input))
	if t.state.Epoch > 0 {
		return batches.Verify(t.state.Partial.Used())
	}
	return t.fit(ctx, batches, val, report)
}

// Epochs returns the number of finished epochs.
func (t *Trainer) Epochs() int { return t.state.Epoch }

// Steps returns the number of steps taken.
func (t *Trainer) Steps() int { return t.state.Step }

func (t *Trainer) fit(ctx context.Context, batches data.Batches, val *data.Set, report func(run.Record) error) error {
	if val != nil {
		if err := t.checkValidation(val); err != nil {
			return err
		}
	}
	defer t.stopWith(ctx)()
	for t.state.Epoch < t.config.Epochs && !t.exhausted() {
		start := time.Now()
		if err := t.takeSteps(ctx, batches); err != nil {
			return err
		}
		record, err := t.record()
		if err != nil {
			return err
		}
		record.Seconds = time.Since(start).Seconds()
		if val != nil && t.config.validates(record.Epoch) {
			if err := t.validate(ctx, val, batches.Normalisation(), &record); err != nil {
				return err
			}
		}
		t.state.Epoch++
		used := batches.Used()
		t.state.Partial = run.Partial{Samples: used.Samples, Fingerprint: used.Fingerprint}
		t.saveFinished()
		t.saveBest(record)
		if err := report(record); err != nil {
			return err
		}
	}
	return nil
}

// stopWith stops the runners when a context ends, also within a step. What it returns lets them go on.
func (t *Trainer) stopWith(ctx context.Context) func() {
	stop := context.AfterFunc(ctx, func() {
		t.whole.Stop()
		t.runner.Stop()
	})
	return func() {
		stop()
		t.whole.Restart()
		t.runner.Restart()
	}
}

// takeSteps takes the steps that the epoch under way still lacks.
func (t *Trainer) takeSteps(ctx context.Context, batches data.Batches) error {
	p := &t.state.Partial
	schedule := optim.Schedule{Name: t.config.Schedule, Warmup: int(math.Round(t.config.Warmup * float64(batches.Steps())))}
	if err := batches.Start(t.state.Epoch, p.Used()); err != nil {
		return err
	}
	for {
		if err := t.pause(ctx); err != nil {
			return err
		}
		b, err := batches.Next()
		if err != nil {
			return err
		}
		if b.Len() == 0 {
			return nil
		}
		p.LR = t.config.Optim.LR * schedule.At(t.state.Step, t.config.Epochs*batches.Steps())
		value, hits, err := t.step(ctx, b, p.LR)
		switch {
		case errors.Is(err, loss.ErrUndefined):
			p.Skipped++
		case err != nil:
			return err
		default:
			p.Loss += float64(value * float64(b.Len()))
			p.Counted += b.Len()
		}
		t.state.Step++
		p.Steps++
		p.Samples += b.Len()
		p.Hits += hits
		p.Fingerprint = batches.Used().Fingerprint
		if t.Progress != nil {
			if err := t.Progress(t.state.Epoch, p.Steps, batches.Steps(), value); err != nil {
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
func (t *Trainer) record() (run.Record, error) {
	p, epoch := t.state.Partial, t.state.Epoch+1
	if p.Samples == 0 {
		return run.Record{}, fmt.Errorf("train: there are no samples to train on")
	}
	if p.Counted == 0 {
		return run.Record{}, fmt.Errorf("train: no batch of epoch %d held %s, without which %s is undefined; take larger batches (0: all samples), or look at the labels", epoch, t.needed(), t.config.Loss.Name)
	}
	return run.Record{
		Epoch: epoch, Step: t.state.Step, Samples: p.Samples, LR: p.LR, Skipped: p.Skipped,
		Loss: p.Loss / float64(p.Counted), Accuracy: float64(p.Hits) / float64(p.Samples),
	}, t.checkNumbers()
}

// step is one update: masks, forward, loss, backward, optimiser. It returns the loss and the number of samples that
// were classified correctly. Where the loss is undefined, or the context ends, nothing is changed.
func (t *Trainer) step(ctx context.Context, b *data.Batch, lr float64) (float64, int, error) {
	for len(t.dscores) < b.Len() {
		t.dscores = append(t.dscores, make([]float32, t.classes))
	}
	masks := t.runner.DrawMasks(t.config.Seed, uint64(t.state.Step), b.Len())
	if kept := t.runner.Prepare(masks, b.Len()); t.config.MostKept > 0 && kept > t.config.MostKept {
		return 0, 0, &TooMuch{Step: t.state.Step, Kept: kept, Most: t.config.MostKept}
	}
	start := time.Now()
	t.scores = t.runner.Forward(b.X, masks)
	forward := time.Since(start)
	if err := cmp.Or(ctx.Err(), b.Err()); err != nil {
		return 0, 0, err
	}
	hits := correct(t.scores, b.Labels)
	dscores := t.dscores[:b.Len()]
	value, err := t.loss.Grad(loss.Batch{Scores: t.scores, Labels: b.Labels, Attribute: b.Attributes}, dscores)
	if err != nil {
		return 0, hits, err
	}
	what := "the loss"
	if i := slices.IndexFunc(dscores, hasNotFinite); finite.Is(value) && i >= 0 {
		v := dscores[i][finite.First(dscores[i])]
		what, value = "the gradient of the loss", float64(v)
	}
	if !finite.Is(value) || !finite.Is(t.state.Partial.Loss+float64(value*float64(b.Len()))) {
		d := &Diverged{Epoch: t.state.Epoch + 1, Step: t.state.Partial.Steps + 1, What: what, Value: value}
		return value, hits, t.diverged(d, t.stepNet, b, masks)
	}
	t.weights.ZeroGrad()
	start = time.Now()
	t.runner.Backward(dscores, nil)
	t.under.took(forward.Seconds(), time.Since(start).Seconds())
	if err := cmp.Or(ctx.Err(), b.Err()); err != nil {
		return 0, 0, err
	}
	t.optim.Step(t.params, t.grads, lr)
	return value, hits, nil
}
