package machine

import (
	"errors"
	"testing"
)

func TestFits(t *testing.T) {
	defer Allow(0, "")
	Allow(1<<20, "the user allows %s")
	if err := Fits("a job", 1<<20); err != nil {
		t.Error(err)
	}
	err := Fits("a job", 1<<20+1<<18)
	var s *Shortage
	if !errors.As(err, &s) || s.Need != 1<<20+1<<18 || s.Have != 1<<20 {
		t.Fatalf("got %+v", s)
	}
	if want := "a job needs 1.2 MiB of memory, the user allows 1.0 MiB"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}
