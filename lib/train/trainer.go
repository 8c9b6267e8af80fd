package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"backdrop/lib/loss"
	"backdrop/lib/nn"
	"backdrop/lib/optim"
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
	Patience      int     // stop after so many epochs without a lower validation loss, and keep the best; 0: never
	Normalisation Normalisation
	Augment       Augment
	Threads       int
}

// Validate reports the first setting that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.Epochs < 1:
		return fmt.Errorf("train: epochs must be positive, got %d", c.Epochs)
	case c.Batch < 0:
		return fmt.Errorf("train: batch must be positive, or 0 for all samples, got %d", c.Batch)
	case c.Patience < 0:
		return fmt.Errorf("train: patience must not be negative, got %d", c.Patience)
	case !(c.Warmup >= 0) || c.Warmup > float64(c.Epochs):
		return fmt.Errorf("train: warm-up must be between 0 and the %d epochs, got %v", c.Epochs, c.Warmup)
	case !(c.Normalisation.Std > 0):
		return fmt.Errorf("train: normalisation deviation must be positive, got %v", c.Normalisation.Std)
	}
	if err := c.Optim.Validate(); err != nil {
		return err
	}
	if err := c.Loss.Validate(); err != nil {
		return err
	}
	return optim.Schedule{Name: c.Schedule}.Validate()
}

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

// Diverged is the error of a loss or a weight that is no finite number.
type Diverged struct {
	Epoch, Step int    // both from 1
	What        string // the loss, a value of 0.weight
	Value       float64
}

func (d *Diverged) Error() string {
	return fmt.Sprintf("train: diverged: %s is %v in epoch %d, step %d; try a lower learning rate", d.What, d.Value, d.Epoch, d.Step)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Trainer fits weights to data.
type Trainer struct {
	// Progress, if set, is called after every step; steps is 0 in a stream.
	Progress func(epoch, step, steps int, loss float64)

	config  Config
	net     *nn.Network
	weights *nn.Weights
	runner  *nn.Runner // of a step's samples
	whole   *nn.Runner // of samples that are not cropped
	loss    loss.Loss
	valLoss loss.Loss // without the penalties, which look at attributes of the training data
	optim   *optim.Optimizer
	state   State
	params  [][]float32
	grads   [][]float32
	dscores [][]float32
	classes int
}

// New returns a trainer of the weights, which hold the initial values.
func New(n *nn.Network, w *nn.Weights, c Config) (*Trainer, error) {
	if err := c.Validate(); err != nil {
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
	if t.whole, err = nn.NewRunner(n, w, c.Threads); err != nil {
		return nil, err
	}
	if t.runner, err = t.stepRunner(); err != nil {
		return nil, err
	}
	if t.valLoss, err = loss.New(loss.Config{Name: c.Loss.Name, PositiveWeight: c.Loss.PositiveWeight}, classes); err != nil {
		return nil, err
	}
	var sizes []int
	for _, p := range w.Params {
		t.params, t.grads, sizes = append(t.params, p.Data), append(t.grads, p.Grad), append(sizes, len(p.Data))
	}
	if t.optim, err = optim.New(c.Optim, sizes); err != nil {
		return nil, err
	}
	t.state = State{BestLoss: math.Inf(1)}
	return t, nil
}

// stepRunner is that of the samples as they are augmented.
func (t *Trainer) stepRunner() (*nn.Runner, error) {
	n, err := t.config.Augment.Network(t.net)
	if err != nil || n == t.net {
		return t.whole, err
	}
	return nn.NewRunner(n, t.weights, t.config.Threads)
}

// Fit trains on data that is at hand, shuffled anew every epoch. report is called after each epoch; its error ends
// the training. When Fit returns, whatever the error, the weights are those of the last finished epoch or, with
// patience, of the best one; Epochs says whether there was any.
func (t *Trainer) Fit(ctx context.Context, data, val Data, report func(Record) error) error {
	return t.fit(ctx, newShuffled(data, t.net.Input, &t.config), val, report)
}

// FitStream trains for one epoch on samples in the order in which they come.
func (t *Trainer) FitStream(ctx context.Context, data Stream, val Data, report func(Record) error) error {
	if t.config.Epochs != 1 || t.config.Batch == 0 || t.config.Loss.NeedsAttribute() {
		panic("train: a stream can be read once, batch by batch, and has no attributes")
	}
	return t.fit(ctx, newStreamed(data, t.net.Input, &t.config), val, report)
}

// Epochs returns the number of finished epochs.
func (t *Trainer) Epochs() int { return t.state.Epoch }

func (t *Trainer) fit(ctx context.Context, data batches, val Data, report func(Record) error) error {
	t.keepFinished()
	defer t.restoreResult()
	for t.state.Epoch < t.config.Epochs && !t.exhausted() {
		record, err := t.epoch(ctx, data, t.state.Epoch)
		if err != nil {
			return err
		}
		if val != nil {
			valLoss, accuracy, err := Evaluate(t.whole, t.valLoss, val, t.config.Normalisation, evaluationBatch)
			if err != nil {
				return fmt.Errorf("train: validating: %w", err)
			}
			record.ValLoss, record.ValAccuracy = &valLoss, &accuracy
		}
		t.state.Epoch++
		t.keepFinished()
		t.keepBest(record)
		if err := report(record); err != nil {
			return err
		}
	}
	return nil
}

// epoch takes the steps of one epoch.
func (t *Trainer) epoch(ctx context.Context, data batches, epoch int) (Record, error) {
	start := time.Now()
	record := Record{Epoch: epoch + 1}
	schedule := optim.Schedule{Name: t.config.Schedule, Warmup: int(math.Round(t.config.Warmup * float64(data.steps())))}
	hits, counted := 0, 0
	data.start(epoch)
	step := 0
	for ; ; step++ {
		if err := ctx.Err(); err != nil {
			return record, err
		}
		b, err := data.next()
		if err != nil {
			return record, err
		}
		if len(b.x) == 0 {
			break
		}
		record.LR = t.config.Optim.LR * schedule.At(t.state.Step, t.config.Epochs*data.steps())
		value, right, err := t.step(b, record.LR)
		switch {
		case errors.Is(err, loss.ErrUndefined):
			record.Skipped++
		case err != nil:
			return record, err
		case !finite(value):
			return record, &Diverged{Epoch: epoch + 1, Step: step + 1, What: "the loss", Value: value}
		default:
			record.Loss += value * float64(len(b.x))
			counted += len(b.x)
		}
		record.Samples += len(b.x)
		hits += right
		if t.Progress != nil {
			t.Progress(epoch, step+1, data.steps(), value)
		}
	}
	if record.Samples == 0 {
		return record, fmt.Errorf("train: there are no samples to train on")
	}
	if counted == 0 {
		return record, fmt.Errorf("train: no batch of epoch %d held samples of both classes, without which %s is undefined; take larger batches (0: all samples), or look at the labels", epoch+1, t.config.Loss.Name)
	}
	for _, p := range t.weights.Params {
		for _, v := range p.Data {
			if !finite(float64(v)) {
				return record, &Diverged{Epoch: epoch + 1, Step: step, What: "a value of " + p.Name, Value: float64(v)}
			}
		}
	}
	record.Loss /= float64(counted)
	record.Accuracy = float64(hits) / float64(record.Samples)
	record.Step = t.state.Step
	record.Seconds = time.Since(start).Seconds()
	return record, nil
}

// evaluationBatch is the number of samples that are evaluated at a time: enough for all threads, and few in memory.
const evaluationBatch = 32

// step is one update: masks, forward, loss, backward, optimiser. It returns the loss and the number of samples that
// were classified correctly. Where the loss is undefined nothing is changed but the number of steps.
func (t *Trainer) step(b *batch, lr float64) (float64, int, error) {
	for len(t.dscores) < len(b.x) {
		t.dscores = append(t.dscores, make([]float32, t.classes))
	}
	scores := t.runner.Forward(b.x, t.runner.DrawMasks(t.config.Seed, uint64(t.state.Step), len(b.x)))
	t.state.Step++
	hits := correct(scores, b.labels)
	dscores := t.dscores[:len(b.x)]
	value, err := t.loss.Grad(loss.Batch{Scores: scores, Labels: b.labels, Attribute: b.attribute}, dscores)
	if err != nil {
		return 0, hits, err
	}
	t.weights.ZeroGrad()
	t.runner.Backward(dscores, nil)
	t.optim.Step(t.params, t.grads, lr)
	return value, hits, nil
}
