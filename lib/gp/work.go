package gp

import (
	"sync"

	"backdrop/lib/dims"
)

// The times of drawing a coefficient and of reading a value, in nanoseconds.
const (
	drawTime = 12
	readTime = 1
)

// work is how much of a sample is drawn.
type work struct {
	mu          sync.Mutex
	done, total float64 // nanoseconds of one thread
	report      func(done float64)
}

// add counts work that is done. Nobody may want to know: then w is nil.
func (w *work) add(time float64) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += time
	w.report(min(1, w.done/w.total))
}

// newWork adds up what drawing a sample of these fields takes, in memory or by rows.
func (s *Sampler) newWork(fields []*field, plans []*plan) *work {
	if s.Progress == nil {
		return nil
	}
	w := &work{report: s.Progress}
	values, byRows := float64(dims.Count(s.spec.Shape)), s.store != nil
	for j, p := range plans {
		coefficients := drawTime * float64(dims.Count(fields[j].modes))
		if !byRows || !s.spec.byValue() && !s.spec.Raw { // to be standardised, before they are drawn again
			w.total += coefficients
		}
		if j > 0 && !s.spec.byValue() {
			continue // one expansion is of all fields
		}
		w.total += p.time()
		if byRows {
			w.total += drawTime*float64(p.coefficients()) + readTime*values
		}
		if byRows && s.spec.byValue() && !s.spec.Raw {
			w.total += readTime * values
		}
	}
	return w
}
