package contract

import (
	"bytes"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// A field that memory would hold ten times over, and one that it would not hold, are drawn with little of it.
func TestLargeFields(t *testing.T) {
	takesLong(t)
	if runtime.GOOS != "linux" {
		t.Skip("peaks are read as Linux counts them, in kB")
	}
	for command, most := range map[string]int{ // MB; with --memory within 8 MB of it
		"gpgen -n 1 --size 16384 --scales 40:140 --format npy":                                       200, // 1.1 GB
		"gpgen -n 2 --size 12000 --scales 100 --power 1 --threads 1 --dtype f2 --compress none":      160,
		"gpgen -n 1 --size 4096 --scales 20:140 --format npy --memory 56M":                           66,
		"gpgen -n 1 --shape 256,300,256 --scales 5 --power 1 --memory 56M --nugget 0.1 --format npy": 66,
		"gpgen -n 1 --size 3000 --scales 9 --power 1 --memory 64M --kernel matern12 --format npy":    75,
	} {
		args := strings.Fields(command + " --quiet -o /dev/null")
		cmd := exec.Command(args[0], args[1:]...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil {
			t.Errorf("%s: %v, %s", command, err, &stderr)
			continue
		}
		peak := int(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
		t.Logf("%d kB: %s", peak, command)
		if peak > most*1000 {
			t.Errorf("%d kB were taken by %s, at most %d MB were expected", peak, command, most)
		}
	}
}
