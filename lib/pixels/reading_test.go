package pixels

import (
	"context"
	"errors"
	"testing"
)

// elsewhere is a sample of ones that is not in memory; read is called for each piece.
type elsewhere struct{ read func() }

func (e elsewhere) Pixels(dst []float32, step, c, from, to int) {
	e.read()
	for i := range to - from {
		dst[i*step] = 1
	}
}

// What is read of a large sample counts, and reading it ends soon when the context does.
func TestReading(t *testing.T) {
	const channels, count = 3, 100_000
	ctx, cancel := context.WithCancel(context.Background())
	r := NewReading(ctx)
	pieces := 0
	s := r.Of(elsewhere{func() { pieces++ }})
	all := func(int, int, []float32) bool { return true }
	if !Scan(s, channels, count, all) || r.Values() != channels*count || r.Err() != nil {
		t.Errorf("read %d values of %d, %v", r.Values(), channels*count, r.Err())
	}
	whole := pieces
	pieces = 0
	s = r.Of(elsewhere{func() { pieces++; cancel() }})
	if Scan(s, channels, count, all) || pieces > channels || whole <= channels || !errors.Is(r.Err(), context.Canceled) {
		t.Errorf("%d of %d pieces were read after the end, %v", pieces, whole, r.Err())
	}
	m := &Memory{make([]float32, channels*count), count}
	if r.Of(m) != Source(m) || !Scan(r.Of(m), channels, count, all) {
		t.Error("a sample in memory is followed")
	}
	none := (*Reading)(nil)
	if e := (&elsewhere{}); none.Of(e) != Source(e) || none.Err() != nil {
		t.Error("without a Reading, something is followed")
	}
}
