package machine

import "testing"

// No machine that runs the tests has less than 64 MiB.
func TestMemory(t *testing.T) {
	all, whose := Memory()
	if all < 64<<20 || all > most || whose != "this machine has" {
		t.Errorf("%s %d bytes", whose, all)
	}
	defer Allow(0)
	Allow(1 << 20)
	if got, whose := Memory(); got != 1<<20 || whose != "--memory leaves" {
		t.Errorf("%s %d bytes", whose, got)
	}
	Allow(most)
	if got, whose := Memory(); got != all || whose != "this machine has" {
		t.Errorf("more than there is: %s %d bytes", whose, got)
	}
}
