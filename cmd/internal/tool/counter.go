package tool

import (
	"fmt"
	"io"
	"time"
)

// Counter shows on one line of a terminal how many samples are done.
type Counter struct {
	Done int // samples that are done

	w     io.Writer // nil if nothing is shown
	name  string
	total int
	shown time.Time
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

// Step counts one more sample.
func (c *Counter) Step() {
	c.Done++
	if c.w == nil || time.Since(c.shown) < time.Second/5 && c.Done != c.total {
		return
	}
	c.shown = time.Now()
	of := ""
	if c.total > 0 {
		of = fmt.Sprintf(" of %d", c.total)
	}
	fmt.Fprintf(c.w, "\r\033[K%s: %d%s samples", c.name, c.Done, of)
}

// Clear removes the line.
func (c *Counter) Clear() {
	if c.w != nil && c.Done > 0 {
		fmt.Fprint(c.w, "\r\033[K")
	}
}
