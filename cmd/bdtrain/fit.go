package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/formats/stream"
	"backdrop/lib/bytesize"
	"backdrop/lib/net"
	"backdrop/lib/train"
)

// gcPercent keeps little memory that is not in use any more: training drops some only while its first steps find out how
// much they need, and collecting costs next to nothing after that.
const gcPercent = 20

// fit trains and writes the model. The output is opened first: a wrong name should not cost a training run. So is the
// ear for signals, for they may come early.
func fit(ctx context.Context, s tool.Stdio, o *options) error {
	debug.SetGCPercent(gcPercent)
	ctx, stop := interruptible(ctx)
	defer stop()
	asked := hearRequests()
	results := s.Results()
	defer results.Abort()
	out, err := interruptibly(ctx, func() (*tool.Output, error) { return results.Create(o.Output, tool.Binary) })
	if err != nil {
		return ended(ctx, err, noModel)
	}
	curves, err := openPicture(results, o.plot)
	if err != nil {
		return err
	}
	d, err := interruptibly(ctx, func() (*samples, error) { return openSamples(ctx, s, o) })
	if err != nil {
		return ended(ctx, err, noModel)
	}
	defer d.Close()
	r, err := newRun(s, o, d, asked)
	if err != nil {
		return err
	}
	defer r.log.Close()
	early := r.train(ctx, d)
	d.notices.Show() // what only the end of a stream has shown
	stop()           // a signal now ends the program as usual, while it writes
	if early != nil && (r.trainer.Epochs() == 0 || !leavesModel(early)) {
		return early
	}
	r.trainer.Finish()
	logged := r.log.Close()
	c, _ := tool.Compression(o.Output)
	if err := r.model().WriteAs(out, c); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	if err := curves.draw(r.log.epochs); err != nil {
		return fmt.Errorf("--plot %s: %w", o.plot, err)
	}
	if err := results.Commit(); err != nil {
		return err
	}
	if early == nil {
		early = logged
	}
	return early
}

// interruptibly opens something, which can take for ever if it is a named pipe, and gives up when the context ends.
func interruptibly[T any](ctx context.Context, open func() (T, error)) (T, error) {
	type opened struct {
		value T
		err   error
	}
	result := make(chan opened, 1)
	go func() {
		value, err := open()
		result <- opened{value, err}
	}()
	select {
	case r := <-result:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// noModel is what an interrupt leaves before there is more.
const noModel = " before the first epoch was finished; there is no model"

// ended gives the errors that end a run early their exit codes. left says what an interrupt leaves.
func ended(ctx context.Context, err error, left string) error {
	if interrupted(ctx, err) {
		return tool.Exit(tool.CodeInterrupted, fmt.Errorf("interrupted%s", left))
	}
	if d := (*train.Diverged)(nil); errors.As(err, &d) {
		return tool.Exit(tool.CodeDiverged, err)
	}
	return err
}

// interrupted reports whether err came of a signal.
func interrupted(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && ctx.Err() != nil
}

// leavesModel reports whether a run that ended so has a good model to show: an interrupt and a divergence, which have
// exit codes of their own, do not spoil that of the last finished epoch.
func leavesModel(err error) bool {
	exit := (*tool.ExitError)(nil)
	return errors.As(err, &exit)
}

// fitting is one run: the network, its trainer and where its progress goes.
type fitting struct {
	o        *options
	net      *net.Network
	weights  *net.Weights
	classes  []string
	positive string // class that the only output is the logit of; "" if there is one a class
	samples  *samples
	memory   *memory
	trainer  *train.Trainer
	log      *epochLog
	progress *progress
	stderr   io.Writer // for what --quiet does not keep back
	last     *train.Record
	prints   [2]train.Print // of training and validation data, if there are checkpoints
}

func newRun(s tool.Stdio, o *options, d *samples, asked requests) (*fitting, error) {
	network, err := o.network(d.shape, d.count())
	if err != nil {
		return nil, err
	}
	outputs, err := network.Classes()
	if err != nil {
		return nil, err
	}
	if d.stream != nil && !d.target.binary {
		d.target.bound = outputs
	}
	config := o.runConfig(d)
	m, err := o.planned(network, d, &config, false)
	if err != nil {
		return nil, err
	}
	weights, err := net.NewWeights(network)
	if err != nil {
		return nil, err
	}
	notice, err := o.initialise(weights, d)
	if err != nil {
		return nil, err
	}
	r := &fitting{o: o, net: network, weights: weights, classes: classNames(d.classes, outputs, d.target), samples: d, memory: m, stderr: s.Err}
	if d.target.binary {
		r.positive = className(r.classes, d.target.positive)
	}
	checkpoint, err := o.openCheckpoint()
	if err != nil {
		return nil, err
	}
	if checkpoint != nil && d.data != nil && checkpoint.Net.String() == network.String() { // else it is refused below
		d.scale = checkpoint.Scale
	}
	config.Normalisation = d.scale
	if r.trainer, err = train.New(network, weights, config); err != nil {
		return nil, err
	}
	if err := r.checkModel(); err != nil {
		return nil, err
	}
	if o.checkpoint != "" || o.resume != "" {
		for i, data := range []train.Data{d.data, d.val} {
			if data != nil {
				r.prints[i] = train.Fingerprint(data, d.shape.Len())
			}
		}
	}
	if err := r.resume(checkpoint); err != nil {
		return nil, err
	}
	if err := r.tryCheckpoint(); err != nil {
		return nil, err
	}
	r.progress = newProgress(s.Err, o.Quiet, o.Epochs)
	if r.log, err = openLog(o.log, r.trainer.Epochs()); err != nil {
		return nil, err
	}
	if n := r.trainer.Epochs(); n > 0 && o.log != "" && r.log.kept == 0 {
		fmt.Fprintf(r.progress.w, "%s begins with epoch %d\n", o.log, n+1)
	}
	r.trainer.Progress = r.step
	r.trainer.Between = func() { asked.serve(r.answer) }
	if d.stream != nil && o.checkpoint != "" {
		d.stream.read = func() (*stream.Sample, error) { return await(asked, r.answer, d.stream.source.Next) }
	}
	d.noteFirst(false)
	d.note(notice)
	d.notices.Show()
	m.collect(o)
	return r, nil
}

// runConfig is how these samples are trained on, which are nil if there are none.
func (o *options) runConfig(d *samples) train.Config {
	c := o.config()
	if d != nil {
		c.Normalisation = d.scale
	}
	return c
}

// count is the number of samples to train on; 0 in a stream.
func (r *fitting) count() int {
	if r.samples.data == nil {
		return 0
	}
	return r.samples.data.Len()
}

// train takes the steps, and keeps where it stopped if it was interrupted.
func (r *fitting) train(ctx context.Context, d *samples) (err error) {
	if d.stream != nil {
		if err = r.trainer.FitStream(ctx, d.stream, d.val, r.report); err == nil {
			err = d.compareValidation(ctx, r.o, d.stream.moments.Range())
		}
	} else {
		err = r.trainer.Fit(ctx, d.data, d.val, r.report)
	}
	r.progress.clear()
	if much := (*train.TooMuch)(nil); errors.As(err, &much) {
		return r.tooMuch(much)
	}
	if err == nil {
		d.noteFirst(true)
	}
	left := noModel
	if n := r.trainer.Left(); n > 0 {
		left = fmt.Sprintf("; the model is that of epoch %d", n)
	}
	if interrupted(ctx, err) && r.o.checkpoint != "" {
		if failed := r.saveCheckpoint(); failed != nil {
			return ended(ctx, tool.Exit(tool.CodeFailed, fmt.Errorf("interrupted; %w", failed)), "")
		}
		left += fmt.Sprintf("; --resume %s goes on from step %d", r.o.checkpoint, r.trainer.Steps())
	}
	return ended(ctx, err, left)
}

// tooMuch says that a step of a very long run, or of a stream, keeps more than those that memory was planned by. The
// checkpoint, if there is one, is of the step before.
func (r *fitting) tooMuch(e *train.TooMuch) error {
	text := fmt.Sprintf("step %d keeps %s, but the largest of the first %d steps, which memory was planned by, %s; allow more with --memory",
		e.Step+1, bytesize.Format(e.Kept), r.memory.looked, bytesize.Format(e.Most))
	if r.o.checkpoint != "" {
		if err := r.saveCheckpoint(); err != nil {
			return fmt.Errorf("%s; %w", text, err)
		}
		text += fmt.Sprintf(" and --resume %s", r.o.checkpoint)
	}
	return errors.New(text)
}

// step is called after every step.
func (r *fitting) step(epoch, step, steps int, loss float64) error {
	r.samples.notices.Show()
	if r.samples.stream != nil && r.trainer.Steps() == 1 { // its first samples have shown their scale
		if err := r.checkModel(); err != nil {
			return err
		}
	}
	r.progress.step(epoch, step, steps, loss)
	if r.o.everySteps > 0 && r.trainer.Steps()%r.o.everySteps == 0 {
		return r.saveCheckpoint()
	}
	return nil
}

// report is called after every epoch.
func (r *fitting) report(e train.Record) error {
	r.last = &e
	r.progress.epoch(e)
	if err := r.log.write(e); err != nil {
		return err
	}
	if r.o.checkpoint != "" && (e.Epoch%r.o.every == 0 || e.Epoch == r.o.Epochs) {
		return r.saveCheckpoint()
	}
	return nil
}

// training is what a model says of how it was made. Nothing in it depends on the clock.
type training struct {
	Settings settings      `json:"settings"`
	Epochs   int           `json:"epochs"`               // finished
	Best     int           `json:"best_epoch,omitempty"` // with patience: that whose weights are left
	Last     *train.Record `json:"last,omitempty"`
}

// model returns the file of the current weights.
func (r *fitting) model() *model.Model {
	t := training{Settings: r.o.settings, Epochs: r.trainer.Epochs(), Last: r.last}
	if r.o.Patience > 0 {
		t.Best = r.trainer.Left()
	}
	if t.Last != nil {
		last := *t.Last
		last.Seconds = 0
		t.Last = &last
	}
	text, err := json.Marshal(t)
	if err != nil {
		panic(fmt.Sprintf("bdtrain: settings cannot be written as JSON: %v", err))
	}
	n, measured := r.samples.scales()
	mean, std := n.Numbers()
	return &model.Model{
		Network: r.net.String(), Classes: r.classes, Positive: r.positive, Mean: mean, Std: std, Range: model.Range(measured.Range()),
		Training: text, Version: tool.Version, Params: models.Params(r.weights),
	}
}

// checkModel finds out before training, or at its start, whether the model can be written.
func (r *fitting) checkModel() error {
	if err := r.model().Check(); err != nil {
		n, _ := r.samples.scales()
		return fmt.Errorf("the model could not be written: %w%s", err, manyChannels(n))
	}
	return nil
}
