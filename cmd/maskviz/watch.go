package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"backdrop/cmd/internal/tool"
)

// patience is how long a picture takes before a terminal shows how far it is, and redraw how often that is drawn.
const (
	patience = time.Second
	redraw   = time.Second / 5
)

// A watch waits for a picture: it shows on a terminal how far it is, and ends the work at ^C. A nil watch does neither.
type watch struct {
	ctx      context.Context // ends at ^C
	end      func()          // of catching it
	finished chan struct{}
	gone     chan struct{}

	mu   sync.Mutex
	step string        // which of several is drawn; "" if it is the only one
	part func() string // how far the work under way is; nil if it is not known
}

// newWatch begins to watch. A ^C more than a second after the first kills the process as usual.
func newWatch(parent context.Context, s tool.Stdio, quiet bool) *watch {
	w := &watch{finished: make(chan struct{}), gone: make(chan struct{})}
	w.ctx, w.end = signal.NotifyContext(parent, os.Interrupt)
	context.AfterFunc(w.ctx, func() { time.AfterFunc(time.Second, w.end) })
	terminal := s.Err
	if quiet || !tool.IsTerminal(s.Err) {
		terminal = io.Discard
	}
	go w.run(terminal)
	return w
}

// close ends the watch, and takes its line away.
func (w *watch) close() {
	close(w.finished)
	<-w.gone
	w.end()
}

// run shows how far the work is until it is finished or interrupted.
func (w *watch) run(terminal io.Writer) {
	defer close(w.gone)
	ticks := time.NewTicker(redraw)
	defer ticks.Stop()
	start, shown := time.Now(), false
	for {
		select {
		case <-ticks.C:
			if line := w.line(); line != "" && time.Since(start) > patience {
				fmt.Fprintf(terminal, "\r\033[Kmaskviz: %s", line)
				shown = true
			}
			continue
		case <-w.finished:
		case <-w.ctx.Done():
		}
		if shown {
			fmt.Fprint(terminal, "\r\033[K")
		}
		return
	}
}

// line says how far the work is; "" if that is not known.
func (w *watch) line() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	line := w.step
	if w.part != nil {
		if part := w.part(); line != "" && part != "" {
			line += ", " + part
		} else {
			line += part
		}
	}
	return line
}

// shows says which of several steps is drawn.
func (w *watch) shows(number uint64, steps int) {
	if w == nil || steps < 2 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step = fmt.Sprintf("step %d of %d", number+1, steps)
}

// during does work that part says the state of. stop, if it is not nil, is called at ^C, and the work ends soon.
func (w *watch) during(part func() string, stop, work func()) error {
	if w == nil {
		work()
		return nil
	}
	set := func(part func() string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.part = part
	}
	set(part)
	if stop != nil {
		defer context.AfterFunc(w.ctx, stop)()
	}
	work()
	set(nil)
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
