package contract

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// tags are those of the tools, as of the tests.
var tags = ""

func TestMain(m *testing.M) {
	code, err := build(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// build runs the tests with the tools on the PATH.
func build(m *testing.M) (code int, err error) {
	bin, err := os.MkdirTemp("", "backdrop-bin-*")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	out, err := exec.Command("go", "build", "-tags", tags, "-o", bin+"/", "../../gpgen", "../../bdtrain", "../../bdeval", "../../maskviz").CombinedOutput()
	if err != nil {
		return 1, fmt.Errorf("go build: %v\n%s", err, out)
	}
	os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return m.Run(), nil
}

// takesLong skips a test that runs the tools often, where only races in the tests themselves are looked for.
func takesLong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
}

// shell runs a script in a folder and returns its exit code and what it printed. In a pipe the code is that of the last
// program that failed.
func shell(t *testing.T, dir, script string) (code int, stdout, stderr string) {
	t.Helper()
	var out, diagnostics strings.Builder
	cmd := exec.Command("bash", "-o", "pipefail", "-c", script)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &diagnostics
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	code = cmd.ProcessState.ExitCode()
	if s := cmd.ProcessState.Sys().(syscall.WaitStatus); s.Signaled() { // bash has made way for the last program
		code = 128 + int(s.Signal())
	}
	return code, out.String(), diagnostics.String()
}

// must runs a script that has to end with 0.
func must(t *testing.T, dir, script string) {
	t.Helper()
	if code, _, stderr := shell(t, dir, script); code != 0 {
		t.Fatalf("code %d from %s\n%s", code, script, stderr)
	}
}

// leftovers returns the hidden files in a folder: a tool names what is not complete so.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}
