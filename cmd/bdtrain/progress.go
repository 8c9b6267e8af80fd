package main

import (
	"fmt"
	"io"
	"time"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/run"
)

// progress tells a person how training goes: a line that is rewritten on a terminal, one line an epoch elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	epochs   int
	start    time.Time
	first    float64 // epochs that were done when this run began; -1: not known yet
	drawn    time.Time
	shown    bool
}

func newProgress(w io.Writer, quiet bool, epochs int) *progress {
	if quiet {
		w = io.Discard
	}
	return &progress{w: w, terminal: tool.IsTerminal(w), epochs: epochs, start: time.Now(), first: -1}
}

// redraw is the shortest time between two drawings of the line: a reader sees ten a second as motion.
const redraw = 100 * time.Millisecond

func (p *progress) step(epoch, step, steps int, loss float64) {
	if p.first < 0 && steps > 0 {
		p.first = float64(epoch) + float64(step-1)/float64(steps)
	}
	if !p.terminal || time.Since(p.drawn) < redraw {
		return
	}
	p.drawn, p.shown = time.Now(), true
	if steps == 0 {
		fmt.Fprintf(p.w, "\r\033[Kstep %d  loss %.4f  %s", step, loss, round(time.Since(p.start)))
		return
	}
	done := float64(epoch) + float64(step)/float64(steps) - p.first
	left := time.Duration(float64(time.Since(p.start)) / done * (float64(p.epochs) - p.first - done))
	fmt.Fprintf(p.w, "\r\033[Kepoch %d/%d  step %d/%d  loss %.4f  ETA %s", epoch+1, p.epochs, step, steps, loss, round(left))
}

// epoch writes the line of a finished epoch.
func (p *progress) epoch(r run.Record) {
	p.clear()
	fmt.Fprintf(p.w, "epoch %d/%d  loss %.4f  accuracy %.4f", r.Epoch, p.epochs, r.Loss, r.Accuracy)
	if r.ValLoss != nil {
		fmt.Fprintf(p.w, "  val loss %.4f  val accuracy %.4f", *r.ValLoss, *r.ValAccuracy)
	}
	fmt.Fprintf(p.w, "  %.1f s\n", r.Seconds)
}

// clear takes the rewritten line away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\033[K")
		p.shown = false
	}
}

func round(d time.Duration) time.Duration { return d.Round(time.Second) }
