package machine

import "testing"

// No machine that runs the tests has less than 64 MiB.
func TestMemory(t *testing.T) {
	if got := Memory(); got < 64<<20 || got > most {
		t.Errorf("%d bytes", got)
	}
}
