package tool

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// textCommand returns one of the two commands that every tool has: help, which prints a topic, and completion, which prints a
// script for a shell.
func textCommand(app *cli.App, name string) *cli.App {
	texts, what := map[string]func(io.Writer) error{}, "TOPIC"
	add := func(name string, text func(*cli.App) string) {
		texts[name] = func(w io.Writer) error { _, err := io.WriteString(w, text(app)); return err }
	}
	if name == "help" {
		add("all", helpAll)
		add("man", manual)
		for _, topic := range GuideOf(app).Topics {
			texts[topic.Name] = topic.Write
		}
	} else {
		what = "SHELL"
		for shell, script := range shells {
			add(shell, script)
		}
	}
	names := slices.Sorted(maps.Keys(texts))
	of := withHelp(&cli.App{Name: app.Name + " " + name, ArgsUsage: what, Usage: "print a text: " + strings.Join(names, ", ")})
	if name == "completion" {
		of.Usage = "print a script that completes flags: " + strings.Join(names, ", ")
	}
	of.Action = func(c *cli.Context) error {
		if name == "help" && c.NArg() == 0 {
			_, err := io.WriteString(c.App.Writer, help(app))
			return err
		}
		given, err := Argument(c, what)
		if err != nil {
			return err
		}
		write := texts[given]
		if write == nil && name == "help" && app.Command(given) != nil {
			return Usagef("%s is a command, with a help of its own: %s %s --help", given, app.Name, given)
		}
		if write == nil {
			return Usagef("%s must be one of %s, got %q", what, strings.Join(names, ", "), given)
		}
		return write(c.App.Writer)
	}
	return of
}
