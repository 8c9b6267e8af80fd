// Package flagtest is for tests only: it checks what must be true of all flags of all tools.
package flagtest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// Numbers checks that every flag of a tool and of its commands that takes a number accepts decimal digits and nothing else.
func Numbers(t *testing.T, newApp func(tool.Stdio) *cli.App) {
	app := newApp(tool.Stdio{})
	commands := []string{""}
	for _, c := range app.Commands {
		commands = append(commands, c.Name)
	}
	seen := 0
	for _, command := range commands {
		flags := app.Flags
		if command != "" {
			flags = app.Command(command).Flags
		}
		for _, f := range flags {
			whole := true
			switch f.(type) {
			case *cli.BoolFlag, *cli.StringFlag, *cli.StringSliceFlag:
				continue
			case *cli.Float64Flag:
				whole = false
			case *cli.IntFlag, *cli.Uint64Flag:
			default:
				t.Errorf("%s is a %T, of which it is not known how it reads numbers", f.Names()[0], f)
				continue
			}
			seen++
			for _, name := range f.Names() {
				reads(t, newApp, command, name, whole)
			}
		}
	}
	if seen < 2 {
		t.Errorf("only %d flags take numbers", seen)
	}
}

// reads checks a flag by one of its names.
func reads(t *testing.T, newApp func(tool.Stdio) *cli.App, command, name string, whole bool) {
	dash := "--"
	if len(name) == 1 {
		dash = "-"
	}
	try := func(text string) (value string, code int, line string) {
		for i, args := range [][]string{{dash + name, text}, {dash + name + "=" + text}} {
			v, c, l := run(newApp, command, name, args)
			if i > 0 && (v != value || c != code || l != line) {
				t.Errorf("%s %q: %s, code %d, %s", command, args, v, c, l)
			}
			value, code, line = v, c, l
		}
		return value, code, line
	}
	good := map[string]string{"10": "10", "010": "10", "00": "0", "08": "8", "0009": "9"}
	bad := []string{"", "0x10", "0X10", "1_0", "0b1", "0o7", "0x1p4", "ten", " 1", "1 ", "1,0", "１０"}
	if whole {
		good["9007199254740993"] = "9007199254740993"
		bad = append(bad, "1e3", "1.0", "10.", "99999999999999999999", "inf", "nan")
	} else {
		good["1e3"], good["00.50"], good["-08.5e01"] = "1000", "0.5", "-85"
		bad = append(bad, "1e999", "0x1p-3", "0x_1p4")
	}
	for text, want := range good {
		if got, code, line := try(text); got != want || code != 0 || line != "" {
			t.Errorf("%s %s%s %q: %s, code %d, %q; want %s", command, dash, name, text, got, code, line, want)
		}
	}
	for _, text := range bad {
		want := []string{dash + name, "in decimal digits, got " + fmt.Sprintf("%q", text)}
		switch {
		case text == "":
			want[1] = "is empty"
		case text == "99999999999999999999" || text == "1e999":
			want[1] = "must be "
		}
		got, code, line := try(text)
		if got != "" || code != tool.CodeUsage || strings.Count(line, "\n") != 1 || slices.ContainsFunc(want, func(part string) bool { return !strings.Contains(line, part) }) {
			t.Errorf("%s %s%s %q: %s, code %d, %q; want %q", command, dash, name, text, got, code, line, want)
		}
	}
}

// run runs a tool, or one of its commands, in which all work is replaced by reading the value of a flag.
func run(newApp func(tool.Stdio) *cli.App, command, name string, args []string) (value string, code int, line string) {
	var stderr bytes.Buffer
	idle := func(s tool.Stdio) *cli.App {
		app := newApp(s)
		action := func(c *cli.Context) error { value = fmt.Sprint(c.Value(name)); return nil }
		app.Before, app.Action = nil, action
		for _, c := range app.Commands {
			c.Before, c.Action = nil, action
		}
		return app
	}
	if command != "" {
		args = append([]string{command}, args...)
	}
	code = tool.Run(context.Background(), idle, append([]string{"tool"}, args...), tool.Stdio{Out: &stderr, Err: &stderr})
	return value, code, stderr.String()
}
