//go:build unix

package pipelines

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"backdrop/internal/testkit/golden"
)

// However often a sweep is interrupted, it ends with what it would have made undisturbed.
func TestSweepInterrupted(t *testing.T) {
	golden.Programs(t, "make")
	env := tools(t)
	sweep, err := filepath.Abs("sweep.mk")
	if err != nil {
		t.Fatal(err)
	}
	start := func(dir string) *exec.Cmd {
		run := exec.Command("make", "-f", sweep, "SEEDS=1", "P=0.5", "EPOCHS=20")
		run.Dir, run.Env = dir, env
		run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // signals reach all that make has started, as from a terminal
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		return run
	}
	undisturbed, dir := t.TempDir(), t.TempDir()
	begin := time.Now()
	if err := start(undisturbed).Wait(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	cut := 0
	for i := range 16 {
		run := start(dir)
		time.Sleep(took * time.Duration(i+1) / 16)
		syscall.Kill(-run.Process.Pid, []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2])
		if run.Wait() != nil {
			cut++
		}
	}
	if err := start(dir).Wait(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"test.tar.zst", "p0.5-1.model.tar.zst", "table.txt"} {
		want, err := os.ReadFile(filepath.Join(undisturbed, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from that of an undisturbed sweep, %v", name, err)
		}
	}
	if cut == 0 {
		t.Error("nothing was interrupted")
	}
	t.Logf("interrupted %d times", cut)
}
