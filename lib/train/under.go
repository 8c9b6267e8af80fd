package train

import (
	"math"
	"sync/atomic"

	"backdrop/lib/engine"
)

// Activity is what a trainer does.
type Activity string

// What takes long. The rest, such as waiting for samples, is None.
const (
	None       Activity = ""
	Forward    Activity = "forward"
	Backward   Activity = "backward"
	Validating Activity = "validating"
)

// Under is what a trainer does, and how far that is.
type Under struct {
	Activity Activity
	Part     float64 // that is done of it, from 0 to 1
	Step     float64 // that is done of the step, by how long both passes of the step before took
}

// under is what Under is made of. The trainer's goroutine sets it, any may look.
type under struct {
	all   atomic.Int64  // samples to validate on; 0: a step is under way, or nothing
	done  atomic.Int64  // of these
	batch atomic.Int64  // samples that are validated on now
	share atomic.Uint64 // of the forward pass in both, the bits of a float64
}

// Under returns what the step or the validation under way does. Any goroutine may call it.
func (t *Trainer) Under() Under {
	if all := t.under.all.Load(); all > 0 {
		done := float64(t.under.done.Load()) + t.whole.Progress()*float64(t.under.batch.Load())
		return Under{Activity: Validating, Part: min(1, done/float64(all))}
	}
	share := math.Float64frombits(t.under.share.Load())
	phase, part := t.runner.Progress()
	part = min(1, part) // between two phases both numbers may be of different ones
	switch phase {
	case engine.ForwardPhase:
		return Under{Forward, part, share * part}
	case engine.BackwardPhase:
		return Under{Backward, part, share + (1-share)*part}
	}
	return Under{}
}

// begin is before a validation on that many samples and, with 0, behind it.
func (u *under) begin(all int) {
	u.batch.Store(0)
	u.done.Store(0)
	u.all.Store(int64(all))
}

// took notes how long both passes of a step took. They are not equally long, but until one is done nobody knows.
func (u *under) took(forward, backward float64) {
	if both := forward + backward; both > 0 {
		u.share.Store(math.Float64bits(forward / both))
	}
}
