package main

import (
	"errors"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/formats/golden"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gpgen": main})
}

func TestScripts(t *testing.T) { runScripts(t, "testdata") }

func runScripts(t *testing.T, dir string, env ...string) {
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"wrong": wrong},
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "GORACE=atexit_sleep_ms=0") // with -race, every run would sleep a second at its end
			e.Vars = append(e.Vars, env...)
			return nil
		},
	})
}

// wrong REGEXP FLAG… runs gpgen, which must end with the code of wrong usage, say so in one line that matches, and
// leave standard output empty.
func wrong(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: wrong REGEXP FLAG…")
	}
	err := ts.Exec("gpgen", args[1:]...)
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		ts.Fatalf("got %v, want exit code 2", err)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("%d bytes on standard output", len(out))
	}
	line := ts.ReadFile("stderr")
	want := regexp.MustCompile(`^gpgen: .*` + args[0] + `.*; see gpgen --help\n$`)
	if strings.Count(line, "\n") != 1 || !want.MatchString(line) {
		ts.Fatalf("got %q, want %q", line, want)
	}
}

// TestNumPy runs the scripts that read gpgen's output with Python.
func TestNumPy(t *testing.T) {
	runScripts(t, "testdata/numpy", "PYTHON="+golden.Python(t, "numpy"))
}
