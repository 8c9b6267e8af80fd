package pixels

import (
	"context"
	"sync/atomic"
)

// A Reading is how far going through large samples is, which other goroutines may look at, and ends it when a context ends. Of nil
// nothing is known, and nothing ends it.
type Reading struct {
	ctx  context.Context
	done atomic.Int64
}

// NewReading returns a Reading of nothing yet.
func NewReading(ctx context.Context) *Reading { return &Reading{ctx: ctx} }

// Of returns the sample so that what is read of it counts. Scan ends early on it when the context has ended. Of samples in memory,
// which are gone through fast, neither is so.
func (r *Reading) Of(s Source) Source {
	if _, there := s.(*Memory); there || r == nil {
		return s
	}
	return &followed{s, r}
}

// Values is how many values were read, of samples that are not in memory.
func (r *Reading) Values() int64 { return r.done.Load() }

// Err is that of the context. Whoever has gone through a sample asks before the result is used.
func (r *Reading) Err() error {
	if r == nil {
		return nil
	}
	return r.ctx.Err()
}

// followed is a sample that counts in a Reading.
type followed struct {
	of Source
	by *Reading
}

// Pixels implements Source.
func (f *followed) Pixels(dst []float32, step, c, from, to int) {
	f.of.Pixels(dst, step, c, from, to)
	f.by.done.Add(int64(to - from))
}

// ended reports whether going through a sample is to end.
func ended(s Source) bool {
	f, ok := s.(*followed)
	return ok && f.by.ctx.Err() != nil
}
