package main

import (
	"fmt"
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

// line says what is done, how long a sample takes and, if it is known, how much longer all will take.
func (p *progress) line() string {
	network := p.network.Load()
	if network == nil {
		return ""
	}
	part := network.Progress()
	done, took := p.done.Load(), time.Since(p.start)
	samples := float64(done) + part*float64(p.read.Load()-done)
	speed := ""
	if seconds := took.Seconds(); samples > seconds {
		speed = fmt.Sprintf("%.0f samples/s", samples/seconds)
	} else if samples > 0 {
		speed = fmt.Sprintf("%.1f s/sample", seconds/samples)
	}
	if p.all == 0 {
		return tool.Columns(fmt.Sprintf("bdeval: sample %d", done+1), tool.Percent(part), speed)
	}
	of := samples / float64(p.all)
	return tool.Columns(fmt.Sprintf("bdeval: sample %d of %d", min(int(done)+1, p.all), p.all), tool.Percent(of), speed, tool.Left(took, of))
}
