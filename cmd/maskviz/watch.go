package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"

	"backdrop/cmd/internal/tool"
)

// A watch waits for a picture: it says how far it is (tool.Progress), and ends the work at ^C. A nil watch does neither.
type watch struct {
	ctx   context.Context // ends at ^C
	end   func()          // of catching it
	shown *tool.Progress

	// What follows is changed by Progress.Change alone.
	steps *tool.Counter // nil: one step is drawn
	doing func() string // what is under way, and how far that is; nil if it is not known
}

// newWatch begins to watch. A ^C more than a second after the first kills the process as usual.
func newWatch(parent context.Context, s tool.Stdio, quiet bool) *watch {
	w := &watch{}
	w.ctx, w.end = signal.NotifyContext(parent, os.Interrupt)
	w.shown = s.NewProgress(quiet, w.line)
	context.AfterFunc(w.ctx, func() {
		w.shown.Close()
		time.AfterFunc(time.Second, w.end)
	})
	return w
}

// close ends the watch, and takes its line away.
func (w *watch) close() {
	w.shown.Close()
	w.end()
}

// line says how far the work is; "" if that is not known.
func (w *watch) line() string {
	steps, doing := "", ""
	if w.steps != nil {
		steps = w.steps.Line()
	}
	if w.doing != nil {
		doing = w.doing()
	}
	if steps == "" && doing != "" {
		return "maskviz: " + doing
	}
	return tool.Columns(steps, doing)
}

// counts says that so many steps are drawn from now on. Each is over when the function that it returns is called.
func (w *watch) counts(unit string, steps int) (step func()) {
	if w == nil || steps < 2 {
		return func() {}
	}
	c := tool.NewCounter("maskviz", unit, steps)
	w.shown.Change(func() { w.steps = c })
	return c.Step
}

// during does work that says how far it is. stop, if it is not nil, is called at ^C, and the work ends soon.
func (w *watch) during(doing func() string, stop, work func()) error {
	if w == nil {
		work()
		return nil
	}
	w.shown.Change(func() { w.doing = doing })
	if stop != nil {
		defer context.AfterFunc(w.ctx, stop)()
	}
	work()
	w.shown.Change(func() { w.doing = nil })
	return w.err()
}

// stopped reports whether nobody waits any more.
func (w *watch) stopped() bool { return w != nil && w.ctx.Err() != nil }

// err is the error of an interrupted picture; nil if it is not.
func (w *watch) err() error {
	if w.stopped() {
		return tool.Exit(tool.CodeInterrupted, errors.New("interrupted; there is no picture"))
	}
	return nil
}
