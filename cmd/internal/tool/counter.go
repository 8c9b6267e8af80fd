package tool

import (
	"fmt"
	"io"
	"time"
)

// Counter counts samples on one line of a terminal, until it is cleared.
type Counter struct {
	Done int

	w     io.Writer // nil if nothing is shown
	name  string
	total int
	shown time.Time
}

// NewCounter returns a tool's counter up to total, or without end if that is 0. It shows nothing if it is to be quiet or
// standard error is no terminal.
func (s Streams) NewCounter(name string, total int, quiet bool) *Counter {
	c := &Counter{name: name, total: total}
	if !quiet && IsTerminal(s.Err) {
		c.w = s.Err
	}
	return c
}

// Step counts one more.
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

// Clear takes the line away.
func (c *Counter) Clear() {
	if c.w != nil && c.Done > 0 {
		fmt.Fprint(c.w, "\r\033[K")
	}
}
