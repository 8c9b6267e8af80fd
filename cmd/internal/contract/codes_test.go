package contract

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"backdrop/cmd/internal/tool"
)

// page has the table of exit codes.
const page = "../../../README.md"

// An outcome is a row of the table.
type outcome struct {
	codes    []int
	examples []string
}

// outcomes reads the rows of the table: codes, their meaning, commands. Codes are those that any of the commands ends
// with.
func outcomes(t *testing.T) []outcome {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var all []outcome
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+(?:, \d+)*) \|.*? \| (.*) \|$`).FindAllSubmatch(text, -1) {
		var o outcome
		for _, code := range strings.Split(string(row[1]), ", ") {
			n, err := strconv.Atoi(code)
			if err != nil {
				t.Fatal(err)
			}
			o.codes = append(o.codes, n)
		}
		for _, example := range regexp.MustCompile("`([^`]+)`").FindAllSubmatch(row[2], -1) {
			o.examples = append(o.examples, strings.ReplaceAll(string(example[1]), `\|`, "|"))
		}
		all = append(all, o)
	}
	return all
}

// Every example of the table of exit codes ends with its code, says what it has to say on one line, and leaves a whole
// result or none. The files are those of the README's first pipeline.
func TestCodes(t *testing.T) {
	takesLong(t)
	dir := t.TempDir()
	must(t, dir, `set -e
		gpgen -n 100 --size 32 --scales 1.5,2.5:8,14 --seed 1 > train.tar.zst
		gpgen -n 200 --size 32 --scales 1.5,2.5:8,14 --seed 2 > test.tar.zst
		bdtrain --mask fine=0.8:NHW --epochs 3 --quiet < train.tar.zst > model.tar.zst
		gpgen -n 20 --size 32 --scales 0.5 --power 1 --format npy -o noise.npy`)
	ran, codes := 0, map[int]bool{}
	var mu sync.Mutex // of codes
	t.Run("of", func(t *testing.T) {
		for _, o := range outcomes(t) {
			for _, example := range o.examples {
				ran++
				t.Run(strconv.Itoa(o.codes[0]), func(t *testing.T) {
					t.Parallel() // most of them wait
					code := o.check(t, dir, example)
					mu.Lock()
					defer mu.Unlock()
					codes[code] = true
				})
			}
		}
	})
	for _, code := range []int{0, tool.CodeFailed, tool.CodeUsage, tool.CodeUndefined, tool.CodeDiverged, tool.CodeInterrupted} {
		if !codes[code] {
			t.Errorf("no example for code %d", code)
		}
	}
	t.Logf("%d examples, %d codes", ran, len(codes))
}

// check runs an example beside the files in a folder and returns its code.
func (o outcome) check(t *testing.T, dir, example string) int {
	work := t.TempDir()
	must(t, dir, "ln -s $PWD/* "+work)
	code, _, stderr := shell(t, work, example)
	if !slices.Contains(o.codes, code) {
		t.Errorf("code %d, want %v: %s\n%s", code, o.codes, example, stderr)
	}
	lines := strings.Count(stderr, "\n")
	says, leaves := 1, false // lines on standard error; a result
	switch {
	case code == 0, code == 137:
		says, leaves = lines, code == 0 // progress; or what the shell says
	case code == tool.CodeUndefined, code == tool.CodeInterrupted && strings.Contains(example, "bdtrain"):
		leaves = true
	case code > 128:
		says = 0
	}
	if lines != says {
		t.Errorf("%d lines on standard error, want %d: %s\n%s", lines, says, example, stderr)
	}
	for _, result := range []string{"new.tar.zst", "new.png"} {
		if _, err := os.Stat(filepath.Join(work, result)); strings.Contains(example, result) && (err == nil) != leaves {
			t.Errorf("%v; want a result: %v: %s", err, leaves, example)
		}
	}
	if names := leftovers(t, work); len(names) > 0 {
		t.Errorf("left over: %v: %s", names, example)
	}
	return code
}
