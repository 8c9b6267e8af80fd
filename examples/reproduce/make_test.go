package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// dry asks make for a target of a study without making anything.
func dry(target string, given ...string) (stdout, stderr string, err error) {
	var out, trouble strings.Builder
	c := exec.Command("make", append([]string{"-C", "../..", "--no-print-directory", "-n", target}, given...)...)
	c.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=") // make test is another make
	c.Stdout, c.Stderr = &out, &trouble
	err = c.Run()
	return out.String(), trouble.String(), err
}

// What is wrong with a study is said in one line before anything runs.
func TestMakeRefuses(t *testing.T) {
	golden.Programs(t, "make")
	for given, want := range map[string]string{
		"STUDY=tune_few":         "STUDY=tune_few is none of few, small, paper",
		"STUDY=few small":        "STUDY=few small is none of",
		"SEEDS=":                 "SEEDS='' must be whole numbers",
		"SEEDS=11 x":             "SEEDS='11 x' must be",
		"SEEDS=-1":               "SEEDS='-1' must be",
		"SEEDS=0x11":             "SEEDS='0x11' must be",
		"AUC_SEEDS=x":            "AUC_SEEDS='x' must be",
		"ARMS=":                  "ARMS is empty",
		"ARMS=none@1 some@1@0.1": "some@1@0.1 is not an arm",
		"ARMS=fine@0.001":        "fine@0.001 is not an arm",
		"EPOCHS=0":               "EPOCHS='0' must be a whole number from 1",
		"AUC_STEPS=many":         "AUC_STEPS='many' must be",
		"JOBS=":                  "JOBS='' must be",
		"TRAIN=1 2":              "TRAIN='1 2' must be",
		"JOIN=none.csv":          "JOIN: there is no none.csv",
		"OUT=a b":                "OUT='a b' must be a folder without spaces",
	} {
		stdout, stderr, err := dry("runs", given)
		if err == nil || stdout != "" || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("make %s: %v, printed %q and %q, want %q", given, err, stdout, stderr, want)
		}
	}
}

// An arm and a seed that are named twice are one run: two would narrow the intervals. So are those of a seed with and
// without zeros in front, and the tools and the names of files agree on it.
func TestMakeRunsOnce(t *testing.T) {
	golden.Programs(t, "make")
	stdout, stderr, err := dry("runs", "ARMS=none@0.001 fine@0.5@0.001 none@0.001", "SEEDS=12 09 9 012", "TRAIN=016", "OUT="+t.TempDir())
	if err != nil || stderr != "" {
		t.Fatal(err, stderr)
	}
	runs := map[string]int{}
	for line := range strings.Lines(stdout) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), ".part && mv "); ok && strings.HasPrefix(line, "bin/gpgen") {
			runs[name]++
		}
	}
	if len(runs) != 4 {
		t.Errorf("%d runs: %v", len(runs), runs)
	}
	if strings.Contains(stdout, "--seed 0") || strings.Contains(stdout, "-09.") || strings.Contains(stdout, "-012.") || !strings.Contains(stdout, "gpgen -n 16 ") || !strings.Contains(stdout, "--seed 9 ") || !strings.Contains(stdout, "-9.model.tar.zst") {
		t.Errorf("numbers with zeros in front: %s", stdout)
	}
	for name, n := range runs {
		if n != 1 {
			t.Errorf("%s is made %d times", name, n)
		}
	}
}
