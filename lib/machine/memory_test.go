package machine

import "testing"

// No machine that runs the tests has less than 64 MiB.
func TestMemory(t *testing.T) {
	defer Allow(0, "")
	Allow(most, "%s")
	all, _ := Memory()
	if all < 64<<20 || all > most {
		t.Errorf("there are %d bytes", all)
	}
	Allow(0, "")
	if got, whose := Memory(); got < 16<<20 || got > all || whose != "this machine has %s free" {
		t.Errorf("%s: %d of %d bytes", whose, got, all)
	}
	Allow(1<<20, "the user allows %s")
	if got, whose := Memory(); got != 1<<20 || whose != "the user allows %s" {
		t.Errorf("%s: %d bytes", whose, got)
	}
}
