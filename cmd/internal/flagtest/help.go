package flagtest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/internal/testkit/golden"
)

// The screen that --help has to fit on.
const (
	rows    = 48
	columns = 80
)

// Help checks that --help fits on a screen, that every flag is in one of its groups, and that --help-all, the manual page and all
// completions have every flag. man and the shells themselves read the last two.
func Help(t *testing.T, newApp func(tool.Stdio) *cli.App) {
	app := newApp(tool.Stdio{})
	short := output(t, newApp, "--help")
	lines := strings.Split(strings.TrimSuffix(short, "\n"), "\n")
	if len(lines) > rows {
		t.Errorf("--help has %d lines, more than %d", len(lines), rows)
	}
	for _, line := range lines {
		if n := len([]rune(line)); n > columns {
			t.Errorf("%d columns of --help, more than %d: %s", n, columns, line)
		}
	}
	if again := output(t, newApp, "help"); again != short {
		t.Errorf("help says something else than --help:\n%s", again)
	}
	all := output(t, newApp, "--help-all")
	if again := output(t, newApp, "help", "all"); again != all {
		t.Errorf("help all says something else than --help-all:\n%s", again)
	}
	guide := tool.GuideOf(app)
	seen := map[string]int{}
	for _, group := range guide.Groups {
		for _, name := range group.Names() {
			seen[name]++
		}
	}
	texts := map[string]string{"--help-all": all}
	for _, kind := range []string{"man", "bash", "zsh", "fish"} {
		if kind == "man" {
			texts[kind] = strings.ReplaceAll(output(t, newApp, "help", kind), `\-`, "-")
		} else {
			texts[kind] = output(t, newApp, "completion", kind)
		}
	}
	for _, f := range app.Flags {
		name := f.Names()[0]
		if seen[name] != 1 {
			t.Errorf("flag %s is in %d groups of the guide", name, seen[name])
		}
		delete(seen, name)
		for what, text := range texts {
			want := dashed(name, what)
			if !strings.Contains(text, want) {
				t.Errorf("%s does not have %s", what, want)
			}
		}
	}
	for name := range seen {
		if slices.Contains([]string{"help", "help-all", "version"}, name) {
			continue
		}
		t.Errorf("the guide has %s, which is no flag", name)
	}
	for name := range guide.Values {
		if !slices.ContainsFunc(app.Flags, func(f cli.Flag) bool { return f.Names()[0] == name }) {
			t.Errorf("the guide has values of %s, which is no flag", name)
		}
	}
	for _, topic := range guide.Topics {
		if len(output(t, newApp, "help", topic.Name)) < 100 {
			t.Errorf("help %s says nothing", topic.Name)
		}
	}
	understood(t, newApp)
}

// dashed is how a text has a flag.
func dashed(name, text string) string {
	switch {
	case text == "fish" && len(name) == 1:
		return " -s " + name + " "
	case text == "fish":
		return " -l " + name + " "
	case len(name) == 1:
		return "-" + name
	}
	return "--" + name
}

// understood has the programs that they are for read the manual page and the completions.
func understood(t *testing.T, newApp func(tool.Stdio) *cli.App) {
	golden.Programs(t, "man", "bash", "zsh", "fish")
	dir := t.TempDir()
	for file, args := range map[string][]string{"man": {"help", "man"}, "bash": {"completion", "bash"}, "zsh": {"completion", "zsh"}, "fish": {"completion", "fish"}} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(output(t, newApp, args...)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []string{"man --warnings -E UTF-8 -l man > page", "bash -n bash", "zsh -n zsh", "fish --no-execute fish"} {
		cmd := exec.Command("sh", "-c", c)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", c, err, out)
		}
	}
}

// output runs a tool that must end with 0.
func output(t *testing.T, newApp func(tool.Stdio) *cli.App, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := tool.Run(context.Background(), newApp, append([]string{"tool"}, args...), tool.Stdio{Out: &stdout, Err: &stderr})
	if code != 0 || stderr.Len() > 0 {
		t.Fatalf("%q: code %d\n%s", args, code, stderr.String())
	}
	return stdout.String()
}
