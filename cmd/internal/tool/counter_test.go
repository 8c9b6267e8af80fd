package tool

import (
	"strings"
	"testing"
	"time"
)

func TestCounted(t *testing.T) {
	for _, c := range []struct {
		done float64
		all  int
		took time.Duration
		want string
	}{
		{0, 500, 0, "gpgen: 0 of 500 samples"},
		{0, 500, time.Second, "gpgen: 0 of 500 samples"},
		{120, 500, 3530 * time.Millisecond, "gpgen: 120 of 500 samples  34 samples/s  ETA 11s"},
		{120, 0, 3530 * time.Millisecond, "gpgen: 120 samples  34 samples/s"},
		{3, 8, 2 * time.Second, "gpgen: 3 of 8 samples  1.5 samples/s  ETA 3s"},
		{2.5, 8, 10 * time.Second, "gpgen: 2 of 8 samples  50 % of the next  4.0 s/sample  ETA 22s"},
		{2, 8, 10 * time.Second, "gpgen: 2 of 8 samples  5.0 s/sample  ETA 30s"},
		{0.25, 0, 10 * time.Second, "gpgen: 0 samples  25 % of the next  40.0 s/sample"},
		{8.1, 8, 10 * time.Second, "gpgen: 8 of 8 samples  1.2 s/sample  ETA 0s"},
	} {
		if got := Counted("gpgen", "sample", c.done, c.all, c.took); got != c.want {
			t.Errorf("%v of %d in %v: %q, want %q", c.done, c.all, c.took, got, c.want)
		}
	}
	n := NewCounter("gpgen check", "field", 3)
	n.Step()
	n.Part(0.5)
	n.Step()
	if got := n.Line(); !strings.HasPrefix(got, "gpgen check: 2 of 3 fields  ") {
		t.Errorf("got %q", got)
	}
}
