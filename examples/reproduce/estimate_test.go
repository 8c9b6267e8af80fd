package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/formats/golden"
)

// A bdtrain that takes 1 s to start and 0.2 s an epoch of two samples is told apart in start and epochs: 2 runs of 8
// epochs of 100 samples take 2·(1 + 8·50·0.2) s = 162 s, on 2 threads half of it: less than 2 min, on a busy machine, too.
func TestEstimate(t *testing.T) {
	golden.Programs(t, "bash")
	script, err := filepath.Abs("estimate.sh")
	if err != nil {
		t.Fatal(err)
	}
	for bdtrain, want := range map[string]string{
		`while [ "$1" != --epochs ]; do shift; done; sleep "$(case $2 in 1) echo 1.2;; 4) echo 1.8;; esac)"`: "About 2 min for 2 runs on 2 threads.\n",
		"exit 1": "",
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "bin"), 0o777); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"gpgen": "", "bdtrain": bdtrain} {
			if err := os.WriteFile(filepath.Join(dir, "bin", name), []byte("#!/bin/sh\n"+text+"\n"), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		c := exec.Command("bash", script, "100", "40", "1", "8", "2")
		c.Dir, c.Stdin = dir, strings.NewReader("2 --no-masks\n")
		out, err := c.Output()
		if string(out) != want || (err == nil) != (want != "") {
			t.Errorf("%s: printed %q, %v; want %q", bdtrain, out, err, want)
		}
	}
}
