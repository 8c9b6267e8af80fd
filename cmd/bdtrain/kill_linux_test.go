package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"backdrop/cmd/internal/models"
	"backdrop/formats/stream"
)

// kills is the number of times that the tests here kill a run. BACKDROP_KILLS asks for more, and for a real disk.
func kills(t *testing.T) int {
	n := 30
	if text := os.Getenv("BACKDROP_KILLS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

const killNetwork = `input c=1 h=8 w=8
conv out=3 kernel=3 pad=1
relu
backdrop name=fine p=0.5 axes=NHW
dropout p=0.1
gap
linear out=3
`

// trialSamples is the number of samples of a trial.
const trialSamples = 120

// trial is a folder with data, a network and what a run of bdtrain leaves.
type trial struct {
	*testing.T
	dir  string
	args []string
}

// newTrial prepares a trial. The short tests have none: what goes on inside one process is looked at by the scripts.
func newTrial(t *testing.T, args ...string) *trial {
	if testing.Short() {
		t.Skip("a trial runs bdtrain many times")
	}
	dir := t.TempDir()
	if os.Getenv("BACKDROP_KILLS") == "" {
		if shm, err := os.MkdirTemp("/dev/shm", "backdrop-test-*"); err == nil { // in memory: fsync takes no time
			t.Cleanup(func() { os.RemoveAll(shm) })
			dir = shm
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "net.txt"), []byte(killNetwork), 0o666); err != nil {
		t.Fatal(err)
	}
	data, err := exec.Command("samples", "-n", fmt.Sprint(trialSamples)).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.tar"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	base := []string{"data.tar", "--net", "net.txt", "--quiet", "-o", "model", "--log", "log.jsonl", "--checkpoint", "ck", "--resume", "ck", "--threads", "1"}
	return &trial{t, dir, append(base, args...)}
}

// command returns the run and what it will have written to standard error.
func (r *trial) command() (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command("bdtrain", r.args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	stderr := &bytes.Buffer{}
	cmd.Stderr = stderr
	return cmd, stderr
}

// start starts the run.
func (r *trial) start() (*exec.Cmd, *bytes.Buffer) {
	r.Helper()
	cmd, stderr := r.command()
	if err := cmd.Start(); err != nil {
		r.Fatal(err)
	}
	return cmd, stderr
}

// finish runs to the end.
func (r *trial) finish() {
	r.Helper()
	cmd, stderr := r.start()
	if err := cmd.Wait(); err != nil {
		r.Fatalf("%v: %s", err, stderr)
	}
}

func (r *trial) read(name string) []byte {
	r.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		r.Fatal(err)
	}
	return b
}

var seconds = regexp.MustCompile(`,"seconds":[^,}]*`)

// results are the model, the last checkpoint and the log without what depends on the clock.
func (r *trial) results() [3]string {
	r.Helper()
	return [3]string{string(r.read("model")), string(r.read("ck")), string(seconds.ReplaceAll(r.read("log.jsonl"), nil))}
}

// compare checks that the results are those of a run that nobody disturbed.
func (r *trial) compare(want [3]string) {
	r.Helper()
	for i, got := range r.results() {
		if got != want[i] {
			r.Fatalf("the %s differs from that of a run that was not disturbed: %q, want %q", [3]string{"model", "checkpoint", "log"}[i], got, want[i])
		}
	}
	if parts := r.parts(); len(parts) > 0 {
		r.Fatalf("%v are left", parts)
	}
}

// parts are the names of temporary files.
func (r *trial) parts() []string {
	names, _ := filepath.Glob(filepath.Join(r.dir, ".part*"))
	return names
}

// checkpoint is the state that a killed run leaves, which must be whole: the steps it has taken and the epochs finished.
func (r *trial) checkpoint() (steps, epochs int) {
	r.Helper()
	m, err := models.Load(filepath.Join(r.dir, "ck"), nil, stream.Limits{})
	if errors.Is(err, os.ErrNotExist) {
		return 0, 0
	}
	if err != nil {
		r.Fatalf("the checkpoint of a killed run: %v", err)
	}
	numbers := regexp.MustCompile(`"(epoch|step)":(\d+)`).FindAllSubmatch(m.File.Progress, 2)
	epochs, _ = strconv.Atoi(string(numbers[0][2]))
	steps, _ = strconv.Atoi(string(numbers[1][2]))
	return steps, epochs
}

// writing reports whether a stopped process is in the middle of writing a checkpoint: it holds, beside that of its
// model, a file in the folder that has no name yet, or one has the name of a part.
func (r *trial) writing(pid int) bool {
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	open := 0
	for _, fd := range fds {
		if name, _ := os.Readlink(fd); strings.HasPrefix(name, r.dir) && strings.HasSuffix(name, " (deleted)") {
			open++
		}
	}
	return open > 1 || len(r.parts()) > 0
}

// stop stops the process and waits until it stands; false if it has ended.
func stop(pid int) bool {
	syscall.Kill(pid, syscall.SIGSTOP)
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return false
		}
		switch stat[bytes.LastIndexByte(stat, ')')+2] { // proc(5): the state follows the name
		case 'T':
			return true
		case 'Z', 'X':
			return false
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// A run that SIGKILL ends at any moment, again and again, and that the same command resumes, ends with the model, the
// checkpoint and the log of one that was not disturbed. Every other kill comes at a random moment, the others while a
// checkpoint is being written, which is seen while the process stands still.
func TestKill(t *testing.T) {
	for name, args := range map[string][]string{
		"steps":  {"--epochs", "6", "--batch", "7", "--every-steps", "1", "--val-fraction", "0.25", "--val-every", "2", "--patience", "50", "--augment", "roll"},
		"epochs": {"--epochs", "30", "--batch", "5", "--schedule", "cosine", "--warmup", "1.5"},
		"stream": {"--epochs", "1", "--batch", "1", "--every-steps", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			whole := newTrial(t, args...)
			begin := time.Now()
			whole.finish()
			took := time.Since(begin)
			want := whole.results()
			r := rand.New(rand.NewPCG(1, uint64(len(name))))
			var killed, writing, ended, betweenLogAndCheckpoint, midEpoch, lives int
			total := (kills(t) + 2) / 3
			for killed < total {
				lives++
				run := newTrial(t, args...)
				for done := false; !done && killed < total; {
					wantWriting := killed%2 == 1
					cmd, stderr := run.start()
					pid := cmd.Process.Pid
					time.Sleep(time.Duration(r.Int64N(int64(took))))
					for stop(pid) {
						isWriting := run.writing(pid)
						if wantWriting && !isWriting {
							syscall.Kill(pid, syscall.SIGCONT)
							time.Sleep(time.Duration(r.Int64N(int64(took) / 20)))
							continue
						}
						if isWriting {
							writing++
						}
						break
					}
					cmd.Process.Kill()
					err := cmd.Wait()
					if err == nil { // it was faster
						done, ended = true, ended+1
						continue
					}
					if status := err.(*exec.ExitError).Sys().(syscall.WaitStatus); !status.Signaled() {
						t.Fatalf("%v: %s", err, stderr)
					}
					killed++
					steps, epochs := run.checkpoint()
					if log, err := os.ReadFile(filepath.Join(run.dir, "log.jsonl")); err == nil && bytes.Count(log, []byte("\n")) > epochs {
						betweenLogAndCheckpoint++
					}
					if steps > 0 && steps%epochSteps(args) != 0 {
						midEpoch++
					}
				}
				run.finish()
				run.compare(want)
			}
			t.Logf("%d kills in %d runs, %d while a checkpoint was written, %d with a log ahead of its checkpoint, %d with a checkpoint inside an epoch; %d runs were faster",
				killed, lives, writing, betweenLogAndCheckpoint, midEpoch, ended)
			if writing < killed/2 {
				t.Errorf("only %d of %d kills came while a checkpoint was written", writing, killed)
			}
		})
	}
}

// epochSteps is the number of steps of an epoch with the arguments of the tests here.
func epochSteps(args []string) int {
	batch, _ := strconv.Atoi(args[3])
	samples := trialSamples
	if slices.Contains(args, "--val-fraction") {
		samples -= samples / 4
	}
	return (samples + batch - 1) / batch
}

// SIGTERM, SIGHUP and ^C write a checkpoint of their step and end with 130. No other checkpoints are written here, so what
// a run goes on from is what the signal wrote.
func TestSignals(t *testing.T) {
	caught := make(chan os.Signal, 1) // what this process catches, its children do not ignore, even under nohup
	signal.Notify(caught, syscall.SIGHUP)
	defer signal.Stop(caught)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			args := []string{"--epochs", "150", "--batch", "5", "--every", "10000", "--val-fraction", "0.25", "--patience", "5000"}
			whole := newTrial(t, args...)
			begin := time.Now()
			whole.finish()
			took := time.Since(begin)
			want := whole.results()
			r := rand.New(rand.NewPCG(2, uint64(sig)))
			signals, midEpoch, early := 0, 0, 0
			for signals < max(4, kills(t)/6) {
				run := newTrial(t, args...)
				last := 0
				for done := false; !done; {
					cmd, stderr := run.start()
					time.Sleep(time.Duration(r.Int64N(int64(took) / 2)))
					cmd.Process.Signal(sig)
					err := cmd.Wait()
					if err == nil {
						done = true
						continue
					}
					signals++
					if status := err.(*exec.ExitError).Sys().(syscall.WaitStatus); status.Signaled() && status.Signal() == sig {
						early++ // before the program's first line
						continue
					}
					if code := err.(*exec.ExitError).ExitCode(); code != 130 || !strings.HasPrefix(stderr.String(), "bdtrain: interrupted") || strings.Count(stderr.String(), "\n") != 1 {
						t.Fatalf("code %d: %s", code, stderr)
					}
					steps, epochs := run.checkpoint()
					if steps < last || strings.Contains(stderr.String(), "from step") && !strings.Contains(stderr.String(), fmt.Sprintf("--resume ck goes on from step %d\n", steps)) {
						t.Fatalf("the checkpoint is of step %d, the last one was of step %d: %s", steps, last, stderr)
					}
					last = steps
					if strings.Contains(stderr.String(), "from step") {
						if log := run.read("log.jsonl"); bytes.Count(log, []byte("\n")) != epochs {
							t.Fatalf("%d epochs, log:\n%s", epochs, log)
						}
					}
					if steps%epochSteps(args) != 0 {
						midEpoch++
					}
				}
				run.compare(want)
			}
			t.Logf("%d signals, %d inside an epoch, %d before the program listened", signals, midEpoch, early)
			if midEpoch == 0 {
				t.Error("none inside an epoch")
			}
		})
	}
}

// threads returns a file of /proc of each thread of a process.
func threads(pid int, file string) []string {
	names, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/%s", pid, file))
	var all []string
	for _, name := range names {
		text, _ := os.ReadFile(name)
		all = append(all, string(text))
	}
	return all
}

// A second signal ends a run at once that does not heed the first: it is opening a checkpoint that nobody reads.
func TestSecondSignal(t *testing.T) {
	run := newTrial(t)
	if err := syscall.Mkfifo(filepath.Join(run.dir, "pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	run.args = []string{"data.tar", "--net", "net.txt", "--quiet", "-o", "model", "--checkpoint", "pipe"}
	cmd, _ := run.start()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for opening := 0; opening < 3; time.Sleep(20 * time.Millisecond) { // proc(5): the system call in which a thread waits
		opening++
		if !slices.ContainsFunc(threads(cmd.Process.Pid, "syscall"), func(s string) bool { return strings.HasPrefix(s, fmt.Sprint(syscall.SYS_OPENAT, " ")) }) {
			opening = 0
		}
	}
	cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		t.Fatalf("the first signal ended it: %v", err)
	case <-time.After(once + 500*time.Millisecond): // up to then it would count as the first
	}
	cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		if status := err.(*exec.ExitError).Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		cmd.Process.Kill()
		t.Error("the second signal did not end it")
	}
	if parts := run.parts(); len(parts) > 0 {
		t.Errorf("%v are left", parts)
	}
}
