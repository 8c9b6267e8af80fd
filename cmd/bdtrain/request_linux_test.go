package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// SIGUSR1 at any moments, twice at once every other time, writes checkpoints and changes nothing of what a run ends with;
// nor does it if the run is killed then and goes on from one. No other checkpoints are written here but the last.
func TestRequests(t *testing.T) {
	for name, args := range map[string][]string{
		"steps":  {"--epochs", "150", "--batch", "5", "--every", "10000", "--val-fraction", "0.25", "--patience", "5000"},
		"stream": {"--epochs", "1", "--batch", "1", "--every", "10000"},
	} {
		t.Run(name, func(t *testing.T) {
			trial := func() *trial {
				run := newTrial(t, args...)
				if name == "stream" { // its only epoch is to take a while
					data, err := exec.Command("samples", "-n", "3000").Output()
					if err == nil {
						err = os.WriteFile(filepath.Join(run.dir, "data.tar"), data, 0o666)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				return run
			}
			whole := trial()
			begin := time.Now()
			whole.finish()
			took := time.Since(begin)
			want := whole.results()
			_, epochs := whole.checkpoint()
			r := rand.New(rand.NewPCG(3, uint64(len(name))))
			sent, early, killed, midEpoch := 0, 0, 0, 0
			for lives := 0; lives < 4 || midEpoch == 0; lives++ {
				if lives == 200 {
					t.Fatalf("no checkpoint inside an epoch after %d signals", sent)
				}
				run := trial()
				for done := false; !done; {
					cmd, stderr := run.start()
					ended := make(chan error, 1)
					go func() { ended <- cmd.Wait() }()
					kill := lives%2 == 1 && killed < 10
					for i := 0; ; i++ {
						select {
						case err := <-ended:
							if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGUSR1 {
								early++ // before the program's first line
								break
							}
							if err != nil || stderr.Len() > 0 {
								t.Fatalf("%v: %s", err, stderr)
							}
							done = true
						case <-time.After(time.Duration(r.Int64N(int64(took) / 5))):
							for range 1 + i%2 {
								cmd.Process.Signal(syscall.SIGUSR1)
								sent++
							}
							if steps, finished := run.checkpoint(); finished < epochs && steps%epochSteps(args) != 0 {
								midEpoch++
							}
							if !kill || i < 3 {
								continue
							}
							cmd.Process.Kill()
							<-ended
							killed++
						}
						break
					}
				}
				run.compare(want)
			}
			t.Logf("%d signals, %d before the program listened, %d times a checkpoint inside an epoch after one, %d kills", sent, early, midEpoch, killed)
		})
	}
}

// A stream that is silent does not keep a checkpoint from being written, which is of the samples before.
func TestRequestInASilentStream(t *testing.T) {
	args := []string{"--net", "net.txt", "--epochs", "1", "--batch", "7", "--every-steps", "1000", "-o", "model", "--checkpoint", "ck", "--resume", "ck"}
	run := newTrial(t)
	data := run.read("data.tar")
	run.args = append([]string{"-"}, args...)
	feed := func(n int) (*exec.Cmd, io.WriteCloser, *bytes.Buffer) {
		cmd, stderr := run.command()
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(data[:n]); err != nil {
			t.Fatal(err)
		}
		return cmd, in, stderr
	}
	cmd, _, stderr := feed(len(data) / 2)
	deadline := time.Now().Add(20 * time.Second)
	steps := 0
	for last := -1; steps == 0 || steps != last; time.Sleep(200 * time.Millisecond) { // until all that has come is used
		if time.Now().After(deadline) {
			t.Fatalf("no checkpoint of more than no steps: %s", stderr)
		}
		cmd.Process.Signal(syscall.SIGUSR1)
		last = steps
		steps, _ = run.checkpoint()
	}
	cmd.Process.Kill()
	cmd.Wait()
	if line := fmt.Sprintf("checkpoint of step %d in ck\n", steps); !strings.Contains(stderr.String(), line) {
		t.Errorf("no line %q in %s", line, stderr)
	}
	cmd, in, stderr := feed(len(data))
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	resumed := run.read("model")
	if err := errors.Join(os.Remove(filepath.Join(run.dir, "ck")), os.Remove(filepath.Join(run.dir, "model"))); err != nil {
		t.Fatal(err)
	}
	cmd, in, stderr = feed(len(data))
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if !bytes.Equal(run.read("model"), resumed) {
		t.Error("the model is not that of a run in one piece")
	}
}

// A checkpoint that is asked for while a run that goes on passes over the samples that it has used is the one that it goes
// on from, what it says of the data's scale included.
func TestRequestWhilePassingOver(t *testing.T) {
	args := []string{"--net", "net.txt", "--epochs", "1", "--batch", "7", "-o", "model", "--checkpoint", "ck", "--resume", "ck"}
	run := newTrial(t)
	data := run.read("data.tar")
	run.args = append([]string{"-"}, args...)
	start := func() (*exec.Cmd, io.WriteCloser, *bytes.Buffer) {
		cmd, stderr := run.command()
		in, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		return cmd, in, stderr
	}
	finish := func(cmd *exec.Cmd, in io.WriteCloser, rest []byte, stderr *bytes.Buffer) {
		in.Write(rest)
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v: %s", err, stderr)
		}
	}
	cmd, in, stderr := start()
	finish(cmd, in, data, stderr)
	want, model := run.read("ck"), run.read("model")
	for _, part := range []int{len(data) / 8, len(data) / 2} {
		cmd, in, stderr := start()
		if _, err := in.Write(data[:part]); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(run.dir, "ck")
		before, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("no checkpoint: %s", stderr)
			}
			if !catches(cmd.Process.Pid, syscall.SIGUSR1) {
				continue // it would end the process
			}
			cmd.Process.Signal(syscall.SIGUSR1)
			if after, err := os.Stat(name); err == nil && !os.SameFile(before, after) {
				break
			}
		}
		if !bytes.Equal(run.read("ck"), want) {
			t.Errorf("behind %d bytes of data the checkpoint is another one", part)
		}
		finish(cmd, in, data[part:], stderr)
		if !bytes.Equal(run.read("ck"), want) || !bytes.Equal(run.read("model"), model) {
			t.Errorf("asked behind %d bytes of data, the run ends with another checkpoint or model", part)
		}
	}
}

// catches reports whether a process handles a signal (proc_pid_status(5)).
func catches(pid int, signal syscall.Signal) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return false
	}
	_, mask, _ := strings.Cut(string(text), "SigCgt:\t")
	mask, _, _ = strings.Cut(mask, "\n")
	bits, err := strconv.ParseUint(mask, 16, 64)
	return err == nil && bits>>(signal-1)&1 == 1
}
