package machine

import (
	"errors"
	"testing"
)

func TestFits(t *testing.T) {
	defer Allow(0)
	Allow(1 << 20)
	if err := Fits("a job", 1<<20); err != nil {
		t.Error(err)
	}
	err := Fits("a job", 1<<20+1<<18)
	var s *Shortage
	if !errors.As(err, &s) || s.Need != 1<<20+1<<18 || s.Have != 1<<20 || !s.Bounded {
		t.Fatalf("got %+v", s)
	}
	if want := "a job needs 1.2 MiB of memory, 1.0 MiB is allowed"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	s.Bounded = false
	if want := "a job needs 1.2 MiB of memory, this machine has 1.0 MiB free"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestSize(t *testing.T) {
	for bytes, want := range map[float64]string{0: "0 B", 500: "500 B", 1023: "1023 B", 1024: "1.0 KiB", 4.2e6: "4.0 MiB", 1 << 40: "1.0 TiB", 4e18: "3.5 EiB", 1e27: "827.2 YiB", 1e40: "8.27e+15 YiB"} {
		if got := Size(bytes); got != want {
			t.Errorf("%g: got %s, want %s", bytes, got, want)
		}
	}
}
