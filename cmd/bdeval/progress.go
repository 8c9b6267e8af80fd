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
	network    atomic.Pointer[engine.Sizes]
	all        int       // samples, at most; 0: not known. Set before network, as is start
	start      time.Time // of taking samples through the network
}

// begin is before the first sample is taken through the network.
func (p *progress) begin(n *engine.Sizes, all int) {
	p.all, p.start = all, time.Now()
	p.network.Store(n)
}

// line says what is done, how fast and, if it is known, how much longer all will take.
func (p *progress) line() string {
	network := p.network.Load()
	if network == nil {
		return ""
	}
	part := network.Progress()
	done := p.done.Load()
	return tool.Counted("bdeval", "sample", float64(done)+part*float64(p.read.Load()-done), p.all, time.Since(p.start))
}
