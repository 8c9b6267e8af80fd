package main

import (
	"sync/atomic"
	"time"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/engine"
)

// progress is how far an evaluation is, which another goroutine looks at.
type progress struct {
	read, done atomic.Int64 // samples, and those that have their scores
	runner     atomic.Pointer[engine.Runner]
	all        int       // samples, at most; 0: not known. Set before runner, as is start
	start      time.Time // of taking samples through the network
}

// begin is before the first sample is taken through the network.
func (p *progress) begin(r *engine.Runner, all int) {
	p.all, p.start = all, time.Now()
	p.runner.Store(r)
}

// line says what is done, how fast and, if it is known, how much longer all will take.
func (p *progress) line() string {
	r := p.runner.Load()
	if r == nil {
		return ""
	}
	_, part := r.Progress()
	done := p.done.Load()
	return tool.Counted("bdeval", "sample", float64(done)+part*float64(p.read.Load()-done), p.all, time.Since(p.start))
}
