package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// A bdtrain that takes 1 s to start and 0.2 s an epoch of two samples is told apart in start and epochs: 2 runs of 8
// epochs of 100 samples take 2·(1 + 8·50·0.2) s = 162 s, on 2 threads half of it. The clock is a file that bdtrain sets
// and date prints, so that nothing else on the machine counts.
func TestEstimate(t *testing.T) {
	golden.Programs(t, "bash")
	script, err := filepath.Abs("estimate.sh")
	if err != nil {
		t.Fatal(err)
	}
	for bdtrain, want := range map[string]string{
		`while [ "$1" != --epochs ]; do shift; done; echo $(($(cat clock) + 1000000000 + $2 * 200000000)) >clock`: "About 2 min for 2 runs on 2 threads.\n",
		"exit 1": "",
	} {
		dir := t.TempDir()
		bin := filepath.Join(dir, "bin")
		if err := os.Mkdir(bin, 0o777); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"bin/gpgen": "#!/bin/sh\n", "bin/bdtrain": "#!/bin/sh\n" + bdtrain + "\n", "bin/date": "#!/bin/sh\ncat clock\n", "clock": "0\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		c := exec.Command("bash", script, "100", "40", "2", "1", "8", "2")
		c.Dir, c.Stdin = dir, strings.NewReader("2 --no-masks\n")
		c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := c.Output()
		if string(out) != want || (err == nil) != (want != "") {
			t.Errorf("%s: printed %q, %v; want %q", bdtrain, out, err, want)
		}
	}
}
