// Package tooltest is for tests only: it runs the test scripts of the tools.
package tooltest

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/internal/testkit/hostile"
)

// Run runs the scripts of a folder, with more environment variables, each NAME=value. Scripts have the commands fails,
// attacks, labels, picture, photos, zip and forms besides those of testscript.
func Run(t *testing.T, dir string, env ...string) { testscript.Run(t, Params(dir, env...)) }

// Params returns the parameters that Run uses, for tests that add commands of their own. With UPDATE_SCRIPTS=1 in the environment,
// texts that a script compares with what a tool prints are renewed.
func Params(dir string, env ...string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") == "1",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"fails": fails, "attacks": attacks, "labels": labels, "picture": picture, "photos": photos, "zip": zipFiles, "forms": allForms},
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "GORACE=atexit_sleep_ms=0") // with -race, every run would sleep for a second at its end
			e.Vars = append(e.Vars, env...)
			return nil
		},
	}
}

// fails CODE REGEXP TOOL ARG… runs a tool that must fail: with that exit code, one line on standard error that starts with
// its name, or that of its command ARG, and matches, and nothing on standard output.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fails CODE REGEXP TOOL ARG…")
	}
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[2], args[3:]...)
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != code {
		ts.Fatalf("got %v, want exit code %d", err, code)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("%d bytes on standard output", len(out))
	}
	line := ts.ReadFile("stderr")
	name := args[2]
	if len(args) > 3 && strings.HasPrefix(line, name+" "+args[3]+": ") { // a command of the tool
		name += " " + args[3]
	}
	want, err := regexp.Compile(`^` + name + `: .*` + args[1] + `.*\n$`)
	ts.Check(err)
	if strings.Count(line, "\n") != 1 || !want.MatchString(line) {
		ts.Fatalf("got %q, want %q", line, want)
	}
	if usage := "; see " + name + " --help\n"; (code == 2) != strings.HasSuffix(line, usage) {
		ts.Fatalf("code %d, but the line ends in %q: only wrong usage points to --help", code, line)
	}
}

// picture FILE W H [ORIENTATION] writes a grey PNG of W × H pixels, which may have an orientation in EXIF data.
func picture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: picture FILE W H [ORIENTATION]")
	}
	w, errW := strconv.Atoi(args[1])
	h, errH := strconv.Atoi(args[2])
	ts.Check(errors.Join(errW, errH))
	var chunks []string
	if len(args) > 3 {
		chunks = []string{"eXIfMM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(args[3][0]-'0') + "\x00\x00"}
	}
	data := hostile.PNG(w, h, 8, 0, strings.Repeat("\x00"+strings.Repeat("\x80", w), h), chunks...)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

// attacks data|network TOOL ARG… runs a tool on each of the published attacks, in a file that is its last argument. The tool
// must fail with code 1, or 2 if it is a network's text, and one line that names the file.
func attacks(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: attacks data|network TOOL ARG…")
	}
	all, code := hostile.Networks(), "2"
	if args[0] == "data" {
		code = "1"
		all = slices.Concat(hostile.Arrays(), hostile.Archives(), hostile.Streams())
	}
	for _, a := range all {
		ts.Check(os.WriteFile(ts.MkAbs("attack"), a.Data, 0o666))
		ts.Logf("attack: %s", a.Name)
		fails(ts, false, slices.Concat([]string{code, "reading (model )?attack: "}, args[1:], []string{"attack"}))
	}
}
