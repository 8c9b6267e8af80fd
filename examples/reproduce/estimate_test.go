package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The estimate tells the start of a run, of 1 s here, and its epochs of two batches, of 0.2 s, apart: 2 runs of 8 epochs of
// 100 samples in batches of 1 take 2·(1 + 8·50·0.2) s = 162 s, on 2 threads half of it. What is there by the same command
// is left out.
func TestEstimate(t *testing.T) {
	for name, value := range map[string]string{"ARMS": "none@0.001", "SEEDS": "1 2", "TRAIN": "100", "EPOCHS": "8", "BATCH": "1"} {
		t.Setenv(name, value)
	}
	v := &variables{}
	p := newPlan(few, v, t.TempDir())
	if v.err != nil {
		t.Fatal(v.err)
	}
	timed := func(_ arm, epochs int) (time.Duration, error) {
		return time.Second + time.Duration(epochs)*time.Second/5, nil
	}
	estimated := func(want string) {
		t.Helper()
		if got, err := p.estimate(2, timed); got != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	made := func(seed, more string) {
		t.Helper()
		model := p.dir + "/none@0.001-" + seed + ".model.tar.zst"
		if p.commands[model] == "" {
			t.Fatalf("the plan has no %s", model)
		}
		for name, text := range map[string]string{model: "", model + ".cmd": p.commands[model] + more + "\n"} {
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	estimated("About 2 min for 2 runs on 2 threads.")
	made("1", " --other")
	estimated("About 2 min for 2 runs on 2 threads.")
	made("1", "")
	estimated("Less than a minute for 1 runs on 2 threads.")
	made("2", "")
	estimated("All runs are there.")
	made("2", " --other")
	if text, err := p.estimate(2, func(arm, int) (time.Duration, error) { return 0, errors.New("killed") }); err == nil || text != "" {
		t.Errorf("got %q, %v from a tool that fails", text, err)
	}
}
