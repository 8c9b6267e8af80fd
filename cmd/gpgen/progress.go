package main

import (
	"fmt"
	"io"
	"time"

	"backdrop/cmd/internal/tool"
)

// A progress counts the samples on one line of a terminal. Only a run into a file shows it: in a pipe the line
// belongs to the tool at its end.
type progress struct {
	w           io.Writer // nil if nothing is shown
	done, total int       // a total of 0 is without end
	shown       time.Time
}

func newProgress(s tool.Streams, o *options) *progress {
	p := &progress{total: o.numbers.count}
	if o.n == 0 {
		p.total = 0
	}
	if !o.Quiet && !tool.IsStdin(o.Output) && tool.IsTerminal(s.Err) {
		p.w = s.Err
	}
	return p
}

func (p *progress) step() {
	p.done++
	if p.w == nil || time.Since(p.shown) < time.Second/5 && p.done != p.total {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.w, "\rgpgen: %d", p.done)
	if p.total > 0 {
		fmt.Fprintf(p.w, " of %d", p.total)
	}
	fmt.Fprint(p.w, " samples")
}

func (p *progress) end() {
	if p.w != nil && p.done > 0 {
		fmt.Fprintln(p.w)
	}
}
