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
	p, _ := few.given().plans(t.TempDir(), "")
	var models []file
	for _, f := range p.files {
		if f.flags != "" {
			models = append(models, f)
		}
	}
	if len(models) != 2 {
		t.Fatalf("%d models: %v", len(models), models)
	}
	made := func(f file, command string) {
		os.MkdirAll(filepath.Dir(f.name), 0o777)
		if err := errors.Join(os.WriteFile(f.name, nil, 0o666), os.WriteFile(f.name+".cmd", []byte(command+"\n"), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		f             file
		command, want string
	}{
		{models[0], models[0].command + " --other", "About 2 min for 2 runs on 2 threads."},
		{models[0], models[0].command, "Less than a minute for 1 runs on 2 threads."},
		{models[1], models[1].command, "All runs are there."},
	} {
		made(c.f, c.command)
		got, err := p.estimate(2, func(_ string, epochs int) (time.Duration, error) {
			return time.Second + time.Duration(epochs)*time.Second/5, nil
		})
		if got != c.want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, c.want)
		}
	}
	made(models[0], "other")
	if text, err := p.estimate(2, func(string, int) (time.Duration, error) { return 0, errors.New("killed") }); err == nil || text != "" {
		t.Errorf("got %q, %v from a tool that fails", text, err)
	}
}
