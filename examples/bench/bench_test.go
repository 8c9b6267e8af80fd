package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// program builds the tools and returns a function that runs the bench in the repository, with small sizes. It uses one
// thread because the machine may be busy, and PyTorch's threads wait for each other at every layer.
func program(t *testing.T) func(args ...string) (stdout, stderr string, err error) {
	t.Helper()
	t.Chdir("../..")
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin+"/", "./cmd/gpgen", "./cmd/bdtrain", "./cmd/bdeval", "./examples/bench").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return func(args ...string) (string, string, error) {
		cmd := exec.Command(filepath.Join(bin, "bench"), append([]string{"-once", "-peers", "-threads", "1", "-tools", bin}, args...)...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		return stdout.String(), stderr.String(), err
	}
}

// rows returns the rows of the tables in a text, without the lines under their heads: the first cell of a row, or all
// cells of a head, and the number of cells.
func rows(text string) (all []string, cells map[string][]string) {
	cells = map[string][]string{}
	head := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			head = true
		case !strings.HasPrefix(line, "|-"):
			words := strings.Split(strings.Trim(line, "| "), " | ")
			name := words[0]
			if head {
				name = line
			}
			all, cells[name], head = append(all, name), words, false
		}
	}
	return all, cells
}

// The bench prints the tables of the README, row for row. It names the programs that it would compare with but that are not
// installed; with BACKDROP_REQUIRE all must be.
func TestTables(t *testing.T) {
	var args []string
	if python := os.Getenv("BACKDROP_PYTHON"); python != "" {
		args = []string{"-python", python}
	}
	stdout, stderr, err := program(t)(args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, speed, _ := strings.Cut(string(readme), "\n## Speed\n")
	speed, _, _ = strings.Cut(speed, "\n## ")
	got, cells := rows(stdout)
	want, wantCells := rows(speed)
	if !slices.Equal(got, want) {
		t.Errorf("bench prints the rows\n%s\nthe README has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	complete := !strings.Contains(stderr, "bench: no ")
	for name, row := range cells {
		if len(row) != len(wantCells[name]) {
			t.Errorf("%s: %d cells, in the README %d", name, len(row), len(wantCells[name]))
		}
		dashes := 0
		if strings.Contains(name, "training step") && len(row) > 2 {
			dashes = 2 // ONNX Runtime does not train
		}
		if n := strings.Count(strings.Join(row, " "), "–"); n != dashes && complete {
			t.Errorf("%s: %q has %d empty cells, not %d", name, row, n, dashes)
		}
	}
	if !complete {
		t.Logf("not all is there to compare with:\n%s", stderr)
		return
	}
	for _, want := range []string{"PyTorch [0-9]", "ONNX Runtime [0-9]", "NumPy [0-9]", "SciPy [0-9]", "scikit-learn [0-9]"} {
		if !regexp.MustCompile("The others are .*" + want).MatchString(stdout) {
			t.Errorf("no version of %s in\n%s", want, stdout)
		}
	}
	// The results of the programs show that they do the same work.
	aucs := regexp.MustCompile(`AUC (0\.\d{4})( 0\.\d{4} 0\.\d{4})?\n`).FindAllStringSubmatch(stderr, -1)
	if len(aucs) != 2 || aucs[0][1] != aucs[1][1] || aucs[0][2] == aucs[1][2] {
		t.Errorf("AUCs %q, want one twice, once with its interval, in\n%s", aucs, stderr)
	}
	if found := regexp.MustCompile(`deviation 1\.4[0-9]`).FindAllString(stderr, -1); len(found) != 5 {
		t.Errorf("%d of 5 textures have their deviation of 1.46, in\n%s", len(found), stderr)
	}
}

// With -only one row is timed; a pattern that no row matches is an error, and nothing looks like a result.
func TestOnly(t *testing.T) {
	run := program(t)
	stdout, stderr, err := run("-peers=false", "-only", "survives on 1/64")
	if all, _ := rows(stdout); err != nil || len(all) != 2 || !strings.Contains(all[1], "`crisp` 1024², the gradient survives on 1/64") {
		t.Errorf("rows %q, error %v, %s", all, err, stderr)
	}
	stdout, stderr, err = run("-peers=false", "-only", "no such row")
	if err == nil || stdout != "" || stderr != "bench: no row matches no such row\n" {
		t.Errorf("standard output %q, standard error %q, error %v", stdout, stderr, err)
	}
}

// A missing program gets one line and a dash in the tables. With BACKDROP_REQUIRE it is an error, and nothing is timed.
func TestMissing(t *testing.T) {
	run := program(t)
	args := []string{"-python", "no-python", "-modules", t.TempDir()}
	t.Setenv("BACKDROP_REQUIRE", "1")
	stdout, stderr, err := run(args...)
	if err == nil || stdout != "" {
		t.Errorf("error %v, standard output %q", err, stdout)
	}
	want := []string{
		"bench: no PyTorch, so it is not timed: no-python has no module torch (Debian: python3-torch; -python names another)",
		"bench: no SciPy, so it is not timed: no-python has no module scipy (Debian: python3-scipy; -python names another)",
		"bench: no scikit-learn, so it is not timed: no-python has no module sklearn (Debian: python3-sklearn; -python names another)",
		"bench: no ONNX Runtime, so it is not timed: node finds no onnxruntime-node in .*; make onnxruntime installs it",
		"bench: BACKDROP_REQUIRE is set, and there is no PyTorch, SciPy, scikit-learn, ONNX Runtime",
	}
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), stderr)
	}
	for i, line := range lines {
		if matched, err := regexp.MatchString("^"+strings.NewReplacer("(", `\(`, ")", `\)`).Replace(want[i])+"$", line); err != nil || !matched {
			t.Errorf("%q, want %q", line, want[i])
		}
	}

	t.Setenv("BACKDROP_REQUIRE", "")
	stdout, stderr, err = run(args...)
	if err != nil || !strings.HasPrefix(stderr, strings.Join(lines[:4], "\n")) {
		t.Fatalf("error %v, standard error\n%s", err, stderr)
	}
	_, cells := rows(stdout)
	for name, want := range map[string]int{
		"`crisp` 1024², evaluation":                          5,
		"`pooled` 128², evaluation":                          5,
		"AUC of 10⁷ scores in files, with DeLong's interval": 3,
		"one field of 8192²":                                 0,
	} {
		if row := strings.Join(cells[name], " "); row == "" || strings.Count(row, "–") != want {
			t.Errorf("%q has not %d dashes", row, want)
		}
	}
}
