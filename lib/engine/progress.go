package engine

import "sync/atomic"

// progress is how far the work under way is, for other goroutines to look at.
type progress struct {
	phase   atomic.Int32
	done    atomic.Int64
	all     atomic.Int64
	stopped atomic.Bool
}

// A Phase is what a runner does.
type Phase int

// The phases of a step.
const (
	Idle Phase = iota
	ForwardPhase
	BackwardPhase
)

// Progress returns what the runner does, and which part of that is done. Any goroutine may call it.
func (r *Runner) Progress() (Phase, float64) {
	return Phase(r.progress.phase.Load()), float64(r.progress.done.Load()) / float64(max(1, r.progress.all.Load()))
}

// Stop makes the pass under way, and all that follow until Restart, return soon, with results that mean nothing. Any goroutine
// may call it.
func (r *Runner) Stop() { r.progress.stopped.Store(true) }

// Restart makes passes work again.
func (r *Runner) Restart() { r.progress.stopped.Store(false) }

// Stopped reports whether Stop was called.
func (r *Runner) Stopped() bool { return r.progress.stopped.Load() }

// enter begins a phase of that many pieces.
func (p *progress) enter(phase Phase, pieces int) {
	p.done.Store(0)
	p.all.Store(int64(pieces))
	p.phase.Store(int32(phase))
}
