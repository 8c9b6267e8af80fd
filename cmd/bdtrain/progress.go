package main

import (
	"fmt"
	"time"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/bytesize"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
	"backdrop/lib/train"
)

// progress tells a person how a run goes: what it reads, the step or the validation under way, and a line an epoch.
type progress struct {
	*tool.Progress
	epochs int

	// What follows is changed by Change and Next alone.
	reading *pixels.Reading
	name    string // of what is read; "" if nothing is
	all     int64  // values of it; 0: not known
	before  int64  // Reading.Values before

	trainer     *train.Trainer // nil: training has not begun
	start       time.Time      // of training
	first       float64        // epochs that were done then
	epoch       int            // finished
	step, steps int            // done in this epoch, and all; 0: not known
	loss        string         // of the last step
	began       time.Time      // when the step under way did
}

func newProgress(s tool.Stdio, quiet bool, epochs int, r *pixels.Reading) *progress {
	p := &progress{epochs: epochs, reading: r}
	p.Progress = s.NewProgress(quiet, p.line)
	return p
}

// read says what is gone through from now on, and how many values that are, or 0.
func (p *progress) read(name string, all int64) {
	p.Next(func() { p.name, p.all, p.before = name, all, p.reading.Values() })
}

// train is before training in epochs of that many steps, or 0.
func (p *progress) train(t *train.Trainer, steps int) {
	p.Next(func() {
		p.trainer, p.epoch, p.steps = t, t.Epochs(), steps
		if p.step = t.Steps() - p.epoch*steps; steps > 0 {
			p.first = float64(p.epoch) + float64(p.step)/float64(steps)
		}
		p.start, p.began = time.Now(), time.Now()
	})
}

// line says what is under way.
func (p *progress) line() string {
	if p.trainer == nil {
		return p.readingLine()
	}
	now := time.Now()
	u := p.trainer.Under()
	if u.Activity == train.Validating {
		return tool.Columns(fmt.Sprintf("epoch %d/%d", p.epoch+1, p.epochs), "validating "+tool.Percent(u.Part))
	}
	step, doing := p.step, ""
	switch long := now.Sub(p.began) > tool.Quick; {
	case long && u.Activity != train.None:
		step, doing = p.step+1, fmt.Sprintf("%s %s", u.Activity, tool.Percent(u.Part))
	case long && p.steps == 0:
		step, doing = p.step+1, "reading"
	}
	if p.steps == 0 {
		return tool.Columns(fmt.Sprintf("step %d", step), doing, p.loss, now.Sub(p.start).Round(time.Second).String())
	}
	done := float64(p.epoch) + (float64(p.step)+u.Step)/float64(p.steps)
	left := tool.Left(now.Sub(p.start), (done-p.first)/(float64(p.epochs)-p.first))
	return tool.Columns(fmt.Sprintf("epoch %d/%d", p.epoch+1, p.epochs), fmt.Sprintf("step %d/%d", step, p.steps), doing, p.loss, left)
}

// readingLine says what is read.
func (p *progress) readingLine() string {
	switch done := p.reading.Values() - p.before; {
	case p.name == "":
		return ""
	case p.all > 0:
		return tool.Columns(p.name, tool.Percent(float64(done)/float64(p.all)))
	case done > 0:
		const size = 4 // of a value as it is used
		return tool.Columns(p.name, bytesize.Format(size*done))
	}
	return p.name
}

// stepped is after a step.
func (p *progress) stepped(epoch, step int, loss float64) {
	p.Next(func() {
		p.epoch, p.step, p.loss, p.began = epoch, step, fmt.Sprintf("loss %.4f", loss), time.Now()
	})
}

// finished writes the line of a finished epoch.
func (p *progress) finished(r run.Record) {
	val := ""
	if r.ValLoss != nil {
		val = fmt.Sprintf("  val loss %.4f  val accuracy %.4f", *r.ValLoss, *r.ValAccuracy)
	}
	p.Printf("epoch %d/%d  loss %.4f  accuracy %.4f%s  %.1f s\n", r.Epoch, p.epochs, r.Loss, r.Accuracy, val, r.Seconds)
	p.Next(func() { p.epoch, p.step, p.began = r.Epoch, 0, time.Now() })
}
