package machine

import "testing"

// No machine that runs the tests has less than 64 MiB.
func TestMemory(t *testing.T) {
	defer Allow(0)
	Allow(most)
	all, _ := Memory()
	if all < 64<<20 || all > most {
		t.Errorf("there are %d bytes", all)
	}
	Allow(0)
	if got, bounded := Memory(); got < 16<<20 || got > all || bounded {
		t.Errorf("without a bound: %d of %d bytes, bounded: %v", got, all, bounded)
	}
	Allow(1 << 20)
	if got, bounded := Memory(); got != 1<<20 || !bounded {
		t.Errorf("with a bound: %d bytes, bounded: %v", got, bounded)
	}
}
