package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A file of samples that is cut, or grows, while a run reads it ends the run with one line, and without a model. With the file
// whole again it goes on from the last checkpoint to the same bytes.
func TestDataChangeWhileTraining(t *testing.T) {
	for _, c := range []struct {
		what   string
		args   []string // of samples
		data   []string // arguments
		change int64    // of the size
		line   string
	}{
		{"array", []string{"-npy", "y.npy"}, []string{"x", "--labels", "y.npy"}, -30000, `reading x: npy: the file was cut from [0-9]+ to [0-9]+ bytes while it was in use; start again when it is whole`},
		{"last value", []string{"-npy", "y.npy"}, []string{"x", "--labels", "y.npy"}, -4, `reading x: npy: the file was cut from [0-9]+ to [0-9]+ bytes while it was in use; start again when it is whole`},
		{"longer", []string{"-npy", "y.npy"}, []string{"x", "--labels", "y.npy"}, 1, `reading x: npy: the file has grown from [0-9]+ to [0-9]+ bytes while it was in use; start again when it is complete`},
		{"tar", nil, []string{"x"}, -70000, `reading x: npy: the file was cut from [0-9]+ to [0-9]+ bytes while it was in use; start again when it is whole`},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Setenv("BACKDROP_TEST_IN_PLACE", "1")
			run := newTrial(t, "--batch", "10", "--epochs", "1000000", "--every-steps", "5") // of 12 an epoch
			samples := exec.Command("samples", append([]string{"-n", fmt.Sprint(trialSamples)}, c.args...)...)
			samples.Dir = run.dir
			data, err := samples.Output()
			if err != nil {
				t.Fatal(err)
			}
			run.write("x", string(data))
			run.args = append(c.data, run.args[1:]...)
			cmd, stderr := run.start()
			epochs := 0
			for deadline := time.Now().Add(30 * time.Second); epochs < 3 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
				log, _ := os.ReadFile(run.dir + "/log.jsonl")
				epochs = bytes.Count(log, []byte("\n"))
			}
			if err := os.Truncate(filepath.Join(run.dir, "x"), int64(len(data))+c.change); err != nil {
				t.Fatal(err)
			}
			run.ends(cmd, stderr, 1, c.line)
			if _, err := os.Stat(filepath.Join(run.dir, "model")); err == nil {
				t.Error("there is a model")
			}
			epochs = bytes.Count(run.read("log.jsonl"), []byte("\n"))
			run.write("x", string(data))
			run.use("--epochs", fmt.Sprint(epochs+2))
			run.finish()
			whole := newTrial(t)
			whole.write("x", string(data))
			if c.args != nil {
				whole.write("y.npy", string(run.read("y.npy")))
			}
			whole.args = run.args
			whole.finish()
			run.compare(whole.results())
		})
	}
}
