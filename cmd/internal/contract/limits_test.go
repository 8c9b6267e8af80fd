package contract

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// What --memory allows is what a tool takes, to within 8 MB, or the tool refuses in one line that names both numbers. The
// masks of some of these runs let through far more in some steps than in others.
func TestMemoryLimits(t *testing.T) {
	takesLong(t)
	if runtime.GOOS != "linux" {
		t.Skip("peaks are read as Linux counts them, in kB")
	}
	const slack = 8 << 10 // kB
	dir := t.TempDir()
	must(t, dir, `gpgen -n 24 --size 512 --scales 4,5:30 --quiet --compress none -o p.tar
gpgen -n 24 --size 512 --scales 4,5:30 --quiet --format npy --labels y.npy -o x.npy
bdtrain p.tar --net crisp --batch 1 --epochs 1 --quiet -o crisp.tar.zst
bdtrain p.tar --net overlap --batch 1 --epochs 1 --quiet -o overlap.tar.zst`)
	ran := 0
	for _, command := range []string{
		"gpgen -n 4 --size 512 --scales 4:30 --quiet",
		"gpgen -n 2 --size 300 --kernel matern32 --boundary open --scales 4 --power 1 --quiet",
		"gpgen check --size 256 --scales 5 --quiet",
		"bdtrain p.tar --net crisp --batch 10 --epochs 1 --quiet",
		"bdtrain p.tar --net crisp --batch 10 --epochs 2 --seed 5 --mask coarse=0.95:NHW --quiet",
		"bdtrain x.npy --labels y.npy --net overlap --batch 2 --epochs 2 --val-fraction 0.25 --quiet",
		"bdtrain p.tar --net pooled --batch 1 --epochs 1 --no-masks --quiet",
		"bdeval -m crisp.tar.zst p.tar",
		"bdeval -m overlap.tar.zst x.npy --labels y.npy --batch 8",
		"maskviz -m crisp.tar.zst --mode gradient --batch 2 p.tar",
		"maskviz -m overlap.tar.zst --mode overlay p.tar",
	} {
		for _, limit := range []int{48, 96, 192} { // MiB
			args := strings.Fields(fmt.Sprintf("%s --memory %dM -o out", command, limit))
			cmd := exec.Command(args[0], args[1:]...)
			var stderr bytes.Buffer
			cmd.Dir, cmd.Stderr = dir, &stderr
			err := cmd.Run()
			peak := int(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			t.Logf("%d MiB: %d kB, %v, %s", limit, peak, err, command)
			if peak > limit<<10+slack {
				t.Errorf("--memory %dM: %d kB were taken by %s", limit, peak, command)
			}
			if err == nil {
				ran++
				continue
			}
			if line := stderr.String(); cmd.ProcessState.ExitCode() != 1 || strings.Count(line, "\n") != 1 || !strings.Contains(line, "needs ") || !strings.Contains(line, "--memory") {
				t.Errorf("--memory %dM: %v: %q from %s", limit, err, line, command)
			}
		}
	}
	if ran < 20 {
		t.Errorf("only %d of 33 runs fit, so that little was measured", ran)
	}
}
