package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"backdrop/formats/npy"
)

// long is a run on large samples, whose steps take long.
type long struct {
	*trial
	cmd    *exec.Cmd
	stderr lockedBuffer
}

// lockedBuffer is what a process has written so far.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lockedBuffer) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}

// newLong prepares a run of this command without files of data.
func newLong(t *testing.T, args ...string) *long {
	if testing.Short() {
		t.Skip("large samples take long")
	}
	return &long{trial: &trial{t, t.TempDir(), append([]string{"-o", "model", "--checkpoint", "ck"}, args...)}}
}

// zeros writes n samples of side² zeros, of which the disk holds none, and their labels, 0 and 1 in turn.
func (l *long) zeros(name string, d npy.DType, n, side int) {
	l.Helper()
	f, err := os.Create(filepath.Join(l.dir, name))
	if err == nil {
		err = npy.WriteHeader(f, d, []int{n, side, side})
	}
	if err != nil {
		l.Fatal(err)
	}
	defer f.Close()
	header, err := f.Seek(0, 1)
	if err == nil {
		err = f.Truncate(header + int64(n*side*side*d.Size()))
	}
	if err != nil {
		l.Fatal(err)
	}
	l.labels("y-"+name, n)
}

func (l *long) labels(name string, n int) {
	l.Helper()
	f, err := os.Create(filepath.Join(l.dir, name))
	if err != nil {
		l.Fatal(err)
	}
	defer f.Close()
	y := make([]int64, n)
	for i := range y {
		y[i] = int64(i % 2)
	}
	if err := npy.WriteInt64(f, []int{n}, y); err != nil {
		l.Fatal(err)
	}
}

// begin starts the command, whose progress has a line ten times a second, and waits until one matches.
func (l *long) begin(line string) {
	l.Helper()
	l.stderr.Reset()
	l.cmd = exec.Command("hasty", l.args...)
	l.cmd.Dir, l.cmd.Stderr, l.cmd.Env = l.dir, &l.stderr, append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	var stdout lockedBuffer
	l.cmd.Stdout = &stdout
	if err := l.cmd.Start(); err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() {
		l.cmd.Process.Kill()
		l.cmd.Wait()
		if stdout.String() != "" {
			l.Errorf("on standard output: %q", stdout.String())
		}
	})
	l.await(line)
}

// await waits for a line of the progress.
func (l *long) await(line string) {
	l.Helper()
	want := regexp.MustCompile("(?m)^" + line)
	for deadline := time.Now().Add(3 * time.Minute); !want.MatchString(l.stderr.String()); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.Fatalf("no line %q in %q", line, l.stderr.String())
		}
	}
}

// interrupt sends ^C, at which the run has to end with code 130 and one line, long before what it does is over.
func (l *long) interrupt(line string) {
	l.Helper()
	before := len(l.stderr.String())
	begin := time.Now()
	l.cmd.Process.Signal(os.Interrupt)
	l.cmd.Wait()
	took := time.Since(begin)
	l.Logf("interrupted, it took %v", took)
	const most = 4 * time.Second // one, if nothing else goes on
	if took > most {
		l.Errorf("ended %v behind the interrupt", took)
	}
	if code := l.cmd.ProcessState.ExitCode(); code != 130 {
		l.Errorf("code %d: %s", code, l.stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(l.stderr.String()[before:]), "\n")
	if last := lines[len(lines)-1]; !regexp.MustCompile("^bdtrain: interrupted" + line + "$").MatchString(last) {
		l.Errorf("the last line is %q", last)
	}
	if parts := l.parts(); len(parts) > 0 {
		l.Errorf("%v are left", parts)
	}
}

const noEpoch = " before the first epoch was finished; there is no model"

// An interrupt ends a step of half a minute within it, and a checkpoint of the step before is written.
func TestInterruptWithinALongStep(t *testing.T) {
	l := newLong(t, "x.npy", "--labels", "y-x.npy", "--axes", "NHW", "--net", "overlap", "--no-masks", "--batch", "1", "--epochs", "2", "--threads", "1", "--memory", "512M")
	l.zeros("x.npy", npy.Uint8, 2, 12288)
	l.begin(`epoch 1/2  step 1/2  forward [1-3]?\d %`)
	l.interrupt(noEpoch + "; --resume ck goes on from step 0")
	if steps, epochs := l.checkpoint(); steps != 0 || epochs != 0 {
		t.Errorf("the checkpoint is of step %d", steps)
	}
}

// So it ends a validation, which is within an epoch that is not finished.
func TestInterruptWithinAValidation(t *testing.T) {
	l := newLong(t, "x.npy", "--labels", "y-x.npy", "--val", "v.npy", "--val-labels", "y-v.npy", "--axes", "NHW", "--net", "crisp", "--batch", "1", "--epochs", "2", "--memory", "512M")
	l.zeros("x.npy", npy.Uint8, 2, 4096)
	l.zeros("v.npy", npy.Uint8, 60, 4096)
	l.begin(`epoch 1/2  validating [1-9]`)
	l.interrupt(noEpoch + "; --resume ck goes on from step 2")
}

// So it ends going through large samples: those of several epochs before training, those of one while they come.
func TestInterruptWhileReading(t *testing.T) {
	for _, c := range []struct {
		name, line, left string
		args             []string
	}{
		{"reading", `reading x.npy  \d`, noEpoch, []string{"--epochs", "2"}},
		{"measuring", `measuring x.npy  [1-9]`, noEpoch, []string{"--epochs", "2"}},
		{"once", `step 1  reading`, noEpoch + "; --resume ck goes on from step 0", []string{"--epochs", "1", "--batch", "2", "--classes", "2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLong(t, append([]string{"x.npy", "--labels", "y-x.npy", "--axes", "NHW", "--net", "crisp", "--memory", "512M"}, c.args...)...)
			l.zeros("x.npy", npy.Float32, 2, 32768)
			l.begin(c.line)
			l.interrupt(c.left)
		})
	}
}

// A run on samples whose first layers are computed again, which a kill or an interrupt within a step ends and the same command goes
// on with, writes what one does that nobody disturbed. A checkpoint that is asked for within a step is of its end.
func TestKillOfALongRun(t *testing.T) {
	args := []string{"x.npy", "--labels", "y.npy", "--axes", "NHW", "--net", "crisp", "--batch", "1", "--epochs", "2", "--every-steps", "1", "--memory", "256M", "--log", "log.jsonl", "--resume", "ck", "--normalise", "data"}
	const n, side = 3, 4096
	r := rand.NewChaCha8([32]byte{1})
	x := make([]byte, n*side*side)
	r.Read(x)
	run := func() *long {
		l := newLong(t, args...)
		l.zeros("x.npy", npy.Uint8, n, side)
		l.labels("y.npy", n)
		f, err := os.OpenFile(filepath.Join(l.dir, "x.npy"), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		end, err := f.Seek(0, 2)
		if err == nil {
			_, err = f.WriteAt(x, end-int64(len(x)))
		}
		if err != nil || f.Close() != nil {
			t.Fatal(err)
		}
		return l
	}
	whole := run()
	plan := exec.Command("bdtrain", slices.Concat(args, []string{"--checkpoint", "ck", "--dry-run"})...)
	plan.Dir = whole.dir
	if out, err := plan.CombinedOutput(); err != nil || !strings.Contains(string(out), "computed again where a gradient comes back") {
		t.Fatalf("nothing is computed again: %v, %s", err, out)
	}
	whole.finish()
	want := whole.results()

	l := run()
	l.begin(`epoch 1/2  step 2/3  (.* )?loss`)
	l.cmd.Process.Kill()
	l.cmd.Wait()
	if steps, epochs := l.checkpoint(); steps < 1 || steps > 2 || epochs != 0 {
		t.Errorf("the checkpoint is of step %d, epoch %d", steps, epochs)
	}
	l.begin(`epoch 1/2  step [23]/3  (.* )?loss`)
	l.cmd.Process.Signal(syscall.SIGUSR1)
	l.await(`checkpoint of step [23] in ck$`)
	l.interrupt(`.* --resume ck goes on from step [2345]`)
	l.finish()
	l.compare(want)
}
