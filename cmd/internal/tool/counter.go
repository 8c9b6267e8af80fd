package tool

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Counter shows on one line of a terminal how many samples are done. Part may be called while other methods are.
type Counter struct {
	Done int // samples that are done

	w     io.Writer // nil if nothing is shown
	name  string
	total int
	mu    sync.Mutex
	shown time.Time
	any   bool // something has been shown
}

// NewCounter returns the counter of the tool called name. total is the number of samples, 0 if it is unknown. The counter
// shows nothing if quiet is set or standard error is not a terminal.
func (s Stdio) NewCounter(name string, total int, quiet bool) *Counter {
	c := &Counter{name: name, total: total}
	if !quiet && IsTerminal(s.Err) {
		c.w = s.Err
	}
	return c
}

// Shows reports whether anything is shown.
func (c *Counter) Shows() bool { return c.w != nil }

// Step counts one more sample.
func (c *Counter) Step() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Done++
	if c.Done == c.total {
		c.shown = time.Time{}
	}
	c.show("")
}

// Part says how much of the next sample is done, where it takes long: a number up to 1.
func (c *Counter) Part(done float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.show(fmt.Sprintf(", %.0f %% of the next", 100*done))
}

// show shows the line, at most five times a second, with what is added to it.
func (c *Counter) show(more string) {
	if c.w == nil || time.Since(c.shown) < time.Second/5 {
		return
	}
	c.shown, c.any = time.Now(), true
	of := ""
	if c.total > 0 {
		of = fmt.Sprintf(" of %d", c.total)
	}
	fmt.Fprintf(c.w, "\r\033[K%s: %d%s samples%s", c.name, c.Done, of, more)
}

// Clear removes the line.
func (c *Counter) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.any {
		fmt.Fprint(c.w, "\r\033[K")
	}
}
