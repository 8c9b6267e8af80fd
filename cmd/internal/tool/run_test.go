package tool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// run runs a tool that ends with err and returns its code and what it wrote.
func run(err error, args ...string) (code int, out, diagnostics string) {
	var stdout, stderr bytes.Buffer
	newApp := func(s Stdio) *cli.App {
		return &cli.App{
			Name: "sample",
			Flags: []cli.Flag{
				&cli.IntFlag{Name: "n", Usage: "take `N`"},
				&cli.BoolFlag{Name: "fast"},
				&cli.StringFlag{Name: "name"},
				&cli.StringSliceFlag{Name: "mask"},
			},
			Action: func(c *cli.Context) error {
				fmt.Fprintf(s.Out, "n=%d fast=%v mask=%q args=%q", c.Int("n"), c.Bool("fast"), c.StringSlice("mask"), c.Args().Slice())
				return err
			},
		}
	}
	code = Run(context.Background(), newApp, append([]string{"sample"}, args...), Stdio{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestRunCodesAndTheOneLine(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		line string
	}{
		{nil, 0, ""},
		{errors.New("reading stdin: no data"), 1, "sample: reading stdin: no data\n"},
		{errors.New("two\nlines"), 1, "sample: two lines\n"},
		{Usagef("n must be positive, got %d", -1), 2, "sample: n must be positive, got -1; see sample --help\n"},
		{fmt.Errorf("fitting: %w", Exit(CodeDiverged, errors.New("loss is NaN"))), 4, "sample: fitting: loss is NaN\n"},
		{Usage(nil), 0, ""},
	} {
		code, _, line := run(c.err)
		if code != c.code || line != c.line {
			t.Errorf("%v: code %d, stderr %q; want %d, %q", c.err, code, line, c.code, c.line)
		}
	}
}

func TestRunFlags(t *testing.T) {
	for _, c := range []struct{ args, code, out, line string }{
		{"--n 3 data", "0", `n=3 fast=false mask=[] args=["data"]`, ""},
		{"data --n 3 --fast more", "0", `n=3 fast=true mask=[] args=["data" "more"]`, ""},
		{"data --n=3 -fast -", "0", `n=3 fast=true mask=[] args=["data" "-"]`, ""},
		{"--mask a=1,2 data --mask b=3", "0", `n=0 fast=false mask=["a=1,2" "b=3"] args=["data"]`, ""},
		{"--n 1 -- --fast --n", "0", `n=1 fast=false mask=[] args=["--fast" "--n"]`, ""},
		{"data --nn 3", "2", "", "sample: unknown flag --nn; see sample --help\n"},
		{"data -x", "2", "", "sample: unknown flag -x; see sample --help\n"},
		{"--n", "2", "", "sample: flag -n needs a value; see sample --help\n"},
		{"data --n", "2", "", "sample: flag -n needs a value; see sample --help\n"},
		{"--n three", "2", "", ""},
		{"--name=", "2", "", "sample: flag --name is empty; see sample --help\n"},
	} {
		code, out, line := run(nil, strings.Fields(c.args)...)
		if fmt.Sprint(code) != c.code || out != c.out || c.line != "" && line != c.line || code != 0 && strings.Count(line, "\n") != 1 {
			t.Errorf("%s: code %d, stdout %q, stderr %q", c.args, code, out, line)
		}
	}
}

func TestHelpAndVersionAreAllThatTheLibraryPrints(t *testing.T) {
	code, out, line := run(nil, "--help")
	if code != 0 || !strings.Contains(out, "take N") || line != "" {
		t.Errorf("--help: code %d, stdout %q, stderr %q", code, out, line)
	}
	code, out, line = run(nil, "--version")
	if code != 0 || !strings.Contains(out, Version) || line != "" {
		t.Errorf("--version: code %d, stdout %q, stderr %q", code, out, line)
	}
}

// A command has flags, help and errors of its own.
func TestRunCommands(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		out  string
		line string
	}{
		{"count data --by 3", 0, `by=3 args=["data"]`, ""},
		{"count --by=3 - more", 0, `by=3 args=["-" "more"]`, ""},
		{"count --by 0", 2, "", "sample count: by must be positive; see sample count --help\n"},
		{"count --n 3", 2, "", "sample count: unknown flag -n; see sample count --help\n"},
		{"count --name=", 2, "", "sample count: flag --name is empty; see sample count --help\n"},
		{"-n 3", 0, "n=3", ""},
		{"-n 3 count", 2, "", "sample: a command comes first: sample count …; a file of that name is ./count; see sample --help\n"},
		{"-n 3 more", 2, "", "sample: unexpected argument more; see sample --help\n"},
	} {
		var stdout, stderr bytes.Buffer
		newApp := func(s Stdio) *cli.App {
			return &cli.App{
				Name:  "sample",
				Flags: []cli.Flag{&cli.IntFlag{Name: "n"}},
				Before: func(c *cli.Context) error {
					if c.NArg() > 0 {
						return Usagef("unexpected argument %s", c.Args().First())
					}
					return nil
				},
				Action: func(c *cli.Context) error { _, err := fmt.Fprintf(s.Out, "n=%d", c.Int("n")); return err },
				Commands: []*cli.Command{{
					Name:  "count",
					Flags: []cli.Flag{&cli.IntFlag{Name: "by", Value: 1}, &cli.StringFlag{Name: "name"}},
					Before: func(c *cli.Context) error {
						if c.Int("by") < 1 {
							return Usagef("by must be positive")
						}
						return nil
					},
					Action: func(c *cli.Context) error {
						_, err := fmt.Fprintf(s.Out, "by=%d args=%q", c.Int("by"), c.Args().Slice())
						return err
					},
				}},
			}
		}
		code := Run(context.Background(), newApp, append([]string{"sample"}, strings.Fields(c.args)...), Stdio{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
		if code != c.code || stdout.String() != c.out || stderr.String() != c.line {
			t.Errorf("%s: code %d, stdout %q, stderr %q", c.args, code, &stdout, &stderr)
		}
	}
}

func TestApplyThreads(t *testing.T) {
	c := Common{Threads: -1}
	if err := c.Apply(); err == nil {
		t.Error("-1 threads: no error")
	}
	c.Threads = 0
	if err := c.Apply(); err != nil || c.Threads < 1 {
		t.Errorf("default: %d threads, %v", c.Threads, err)
	}
	names := []string{}
	for _, f := range c.Flags() {
		names = append(names, f.Names()...)
	}
	if !slices.Contains(names, "o") || !slices.Contains(names, "threads") || !slices.Contains(names, "quiet") {
		t.Errorf("flags %v", names)
	}
}
