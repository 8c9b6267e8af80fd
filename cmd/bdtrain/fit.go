package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/bytesize"
	"backdrop/lib/data"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
	"backdrop/lib/train"
)

// gcPercent keeps little memory that is not in use any more: training drops some only while its first steps find out how
// much they need, and collecting costs next to nothing after that.
const gcPercent = 20

// fit trains and writes the model. The output is opened before training: a wrong name should not cost a training run. Signal
// handling is installed first.
func fit(ctx context.Context, s tool.Stdio, c *config, from origin) error {
	debug.SetGCPercent(gcPercent)
	ctx, stop := interruptible(ctx)
	defer stop()
	asked := hearRequests()
	reading := pixels.NewReading(ctx)
	shown := newProgress(s, c.Quiet, c.Epochs, reading)
	defer shown.Close()
	s.Err = shown
	results := s.Results()
	defer results.Abort()
	out, err := interruptibly(ctx, func() (*tool.Output, error) { return results.Create(c.Output, tool.Binary) })
	if err != nil {
		return ended(ctx, err, noModel)
	}
	curves, err := openPicture(results, c.plot)
	if err != nil {
		return err
	}
	d, err := interruptibly(ctx, func() (*samples, error) { return openSamples(ctx, s, c, from, shown) })
	if err != nil {
		return ended(ctx, err, noModel)
	}
	defer d.Close()
	r, err := newFitting(s, c, d, asked, shown)
	if err != nil {
		return err
	}
	defer r.log.Close()
	early := r.train(ctx)
	d.notices.Show() // what only the end of samples that are read once has shown

	// A signal that comes now finds all epochs finished, and the model is written; another one, later, ends the program as usual.
	if early != nil && (r.trainer.Epochs() == 0 || !leavesModel(early)) {
		return early
	}
	r.trainer.Finish()
	logged := r.log.Close()
	compression, _ := tool.Compression(c.Output)
	if err := r.model().WriteAs(out, compression); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	if err := curves.draw(r.log.epochs); err != nil {
		return fmt.Errorf("--plot %s: %w", c.plot, err)
	}
	if err := results.Commit(); err != nil {
		return err
	}
	if early == nil {
		early = logged
	}
	return early
}

// fitting is one run: the network, its trainer and where its progress goes.
type fitting struct {
	c            *config
	settings     run.Settings // those of the flags, with what data and models add
	net          *net.Network
	weights      *net.Weights
	classes      []string
	classWeights []float64 // of each class; nil if all are 1
	positive     string    // class that the only output is the logit of; "" if there is one a class
	samples      *samples
	memory       *memory
	trainer      *train.Trainer
	log          *epochLog
	progress     *progress
	last         *run.Record
	fingerprints [2]data.Fingerprint // of training and validation data, if there are checkpoints
	heldOut      data.Fingerprint    // of the samples of --fold
	begun        bool                // with the weights of another model, in a network that settings name
}

// newFitting gets a run ready, up to its first step.
func newFitting(s tool.Stdio, c *config, d *samples, asked requests, shown *progress) (*fitting, error) {
	network, err := d.network()
	if err != nil {
		return nil, err
	}
	outputs, err := network.Classes()
	if err != nil {
		return nil, err
	}
	if d.once != nil && !d.target.OneVsRest {
		d.once.bound = outputs
	}
	m, trainConfig, err := planMemory(c, d.from, network, d, false)
	if err != nil {
		return nil, err
	}
	classWeights, err := d.classWeights(outputs)
	if err != nil {
		return nil, err
	}
	trainConfig.Loss.ClassWeights = classWeights
	if d.once != nil && c.MemoryLimited() {
		d.once.planned = m.total()
	}
	weights, err := net.NewWeights(network)
	if err != nil {
		return nil, err
	}
	notice, err := d.initialise(network, weights)
	if err != nil {
		return nil, err
	}
	r := &fitting{c: c, settings: d.settings(), net: network, weights: weights, classes: d.modelClasses(outputs), classWeights: classWeights, samples: d, memory: m, progress: shown}
	if d.target.OneVsRest {
		r.positive = models.ClassName(r.classes, d.target.Positive)
	}
	checkpoint, err := openCheckpoint(c)
	if err != nil {
		return nil, err
	}
	if r.begun = r.settings.Net != "" && c.init != ""; checkpoint != nil {
		t, err := run.ParseTraining(checkpoint.Training)
		r.begun = err == nil && t.Init
	}
	if checkpoint != nil && d.set != nil && checkpoint.Net.String() == network.String() { // else it is refused below
		d.scale = checkpoint.Scale
	}
	trainConfig.Normalisation = d.scale
	if r.trainer, err = train.New(network, weights, trainConfig); err != nil {
		return nil, err
	}
	if c.fold.N > 0 {
		if r.heldOut, err = d.val.Fingerprint(d.shape); err != nil {
			return nil, err
		}
	}
	if err := r.checkModel(); err != nil {
		return nil, err
	}
	if c.checkpoint != "" || c.resume != "" {
		for i, set := range []*data.Set{d.set, d.val} {
			if set != nil {
				if r.fingerprints[i], err = set.Fingerprint(d.shape); err != nil {
					return nil, err
				}
			}
		}
	}
	if err := r.resume(checkpoint); err != nil {
		return nil, err
	}
	if err := r.tryCheckpoint(); err != nil {
		return nil, err
	}
	if r.log, err = openLog(c.log, r.trainer.Epochs()); err != nil {
		return nil, err
	}
	if n := r.trainer.Epochs(); n > 0 && c.log != "" && r.log.kept == 0 {
		r.progress.Printf("%s begins with epoch %d\n", c.log, n+1)
	}
	r.trainer.Progress = r.step
	r.trainer.Between = func() { asked.serve(r.answer) }
	if d.once != nil && c.checkpoint != "" {
		d.once.read = func() (*stream.Sample, error) { return await(asked, r.answer, d.once.source.Next) }
	}
	if c.Weights == balanced {
		shown.Printf("%s\n", d.weightsLine(classWeights))
	}
	d.noteAbsent(false)
	d.note(notice)
	d.notices.Show()
	m.collect(c)
	return r, nil
}

// count is the number of samples to train on; 0 if they are read once.
func (r *fitting) count() int {
	if r.samples.set == nil {
		return 0
	}
	return r.samples.set.Len()
}

// train takes the steps, and keeps where it stopped if it was interrupted.
func (r *fitting) train(ctx context.Context) (err error) {
	d := r.samples
	steps := 0
	if n := r.count(); n > 0 {
		batch, _ := r.c.train.Steps(n)
		steps = (n-1)/batch + 1
	}
	r.progress.train(r.trainer, steps)
	if d.once != nil {
		if err = r.trainer.FitOnce(ctx, d.once, d.val, r.report); err == nil {
			err = d.compareValidation(ctx, d.once.moments.Range())
		}
	} else {
		err = r.trainer.Fit(ctx, d.set, d.val, r.report)
	}
	r.progress.Close()
	if much := (*train.TooMuch)(nil); errors.As(err, &much) {
		return r.tooMuch(much)
	}
	if err == nil {
		d.noteAbsent(true)
	}
	left := noModel
	if n := r.trainer.FinalEpoch(); n > 0 {
		left = fmt.Sprintf("; the model is that of epoch %d", n)
	}
	if interrupted(ctx, err) && r.c.checkpoint != "" {
		if failed := r.saveCheckpoint(); failed != nil {
			return ended(ctx, tool.Exit(tool.CodeFailed, fmt.Errorf("interrupted; %w", failed)), "")
		}
		left += fmt.Sprintf("; --resume %s goes on from step %d", r.c.checkpoint, r.trainer.Steps())
	}
	return ended(ctx, err, left)
}

// tooMuch says that a step of a very long run, or of one of unknown length, keeps more than those that memory was planned by. The
// checkpoint, if there is one, is of the step before.
func (r *fitting) tooMuch(e *train.TooMuch) error {
	text := fmt.Sprintf("step %d keeps %s, but the largest of the first %d steps, which memory was planned by, %s; allow more with --memory",
		e.Step+1, bytesize.Format(e.Kept), r.memory.looked, bytesize.Format(e.Most))
	if r.c.checkpoint != "" {
		if err := r.saveCheckpoint(); err != nil {
			return fmt.Errorf("%s; %w", text, err)
		}
		text += fmt.Sprintf(" and --resume %s", r.c.checkpoint)
	}
	return errors.New(text)
}

// step is called after every step.
func (r *fitting) step(epoch, step, _ int, loss float64) error {
	r.samples.notices.Show()
	if r.samples.once != nil && r.trainer.Steps() == 1 { // its first samples have shown their scale
		if err := r.checkModel(); err != nil {
			return err
		}
	}
	r.progress.stepped(epoch, step, loss)
	if r.c.everySteps > 0 && r.trainer.Steps()%r.c.everySteps == 0 {
		return r.saveCheckpoint()
	}
	return nil
}

// report is called after every epoch.
func (r *fitting) report(e run.Record) error {
	r.last = &e
	r.progress.finished(e)
	if err := r.log.write(e); err != nil {
		return err
	}
	if r.c.checkpoint != "" && (e.Epoch%r.c.every == 0 || e.Epoch == r.c.Epochs) {
		return r.saveCheckpoint()
	}
	return nil
}
