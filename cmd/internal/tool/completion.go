package tool

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// shells are those that there are completions for.
var shells = map[string]func(app *cli.App) string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}

// completed is what can be typed behind the name of a tool or of one of its commands.
type completed struct {
	command string // "" of the tool itself
	flags   []flagText
}

// completions lists the tool and its commands.
func completions(app *cli.App) []completed {
	list := func(command string, a *cli.App) completed {
		texts, c := flagTexts(a), completed{command: command}
		for _, group := range GuideOf(a).Groups {
			for _, name := range group.Names() {
				c.flags = append(c.flags, texts[name])
			}
		}
		return c
	}
	all := []completed{list("", app)}
	for _, cmd := range app.Commands {
		all = append(all, list(cmd.Name, command(app, cmd)))
	}
	return all
}

// commandNames are those that can stand behind the name of a tool.
func commandNames(app *cli.App) []string {
	names := []string{"completion", "help"}
	for _, cmd := range app.Commands {
		names = append(names, cmd.Name)
	}
	slices.Sort(names)
	return names
}

// bashCompletion completes flags, values of few choices, and files (bash(1), Programmable Completion).
func bashCompletion(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# bash completion of %s\n_%s() {\n", app.Name, app.Name)
	b.WriteString("\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} flags=\n\tcase ${COMP_WORDS[1]} in\n")
	for _, c := range slices.Backward(completions(app)) {
		pattern := c.command
		if pattern == "" {
			pattern = "*"
		}
		var flags []string
		for _, t := range c.flags {
			flags = append(flags, t.heads()...)
		}
		fmt.Fprintf(&b, "\t%s) flags='%s' ;;\n", pattern, strings.Join(flags, " "))
	}
	b.WriteString("\tesac\n\tcase $before in\n")
	seen := map[string]bool{}
	for _, c := range completions(app) {
		for _, t := range c.flags {
			for _, head := range t.heads() {
				if len(t.values) > 0 && !seen[head] {
					seen[head] = true
					files := ""
					if t.isFile() {
						files = "-f "
					}
					fmt.Fprintf(&b, "\t%s) COMPREPLY=($(compgen %s-W '%s' -- \"$word\")); return ;;\n", head, files, strings.Join(t.values, " "))
				}
			}
		}
	}
	fmt.Fprintf(&b, "\tesac\n\tif [[ $word == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$flags\" -- \"$word\"))\n\telif ((COMP_CWORD == 1)); then\n"+
		"\t\tCOMPREPLY=($(compgen -f -W '%s' -- \"$word\"))\n\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tfi\n}\ncomplete -o filenames -F _%s %s\n",
		strings.Join(commandNames(app), " "), app.Name, app.Name)
	return b.String()
}

// zshCompletion is the same for zsh (zshcompsys(1), _arguments).
func zshCompletion(app *cli.App) string {
	quoted := func(text string) string {
		return strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`).Replace(text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "#compdef %s\n_%s() {\n\tcase $words[2] in\n", app.Name, app.Name)
	for _, c := range slices.Backward(completions(app)) {
		pattern := c.command
		if pattern == "" {
			pattern = "*"
		}
		fmt.Fprintf(&b, "\t%s) _arguments \\\n", pattern)
		for _, t := range c.flags {
			for _, head := range t.heads() {
				fmt.Fprintf(&b, "\t\t'*%s[%s]", head, quoted(t.about))
				switch {
				case len(t.values) > 0 && t.isFile():
					fmt.Fprintf(&b, ":%s:{_alternative \"values:value:(%s)\" \"files:file:_files\"}", quoted(t.placeholder), strings.Join(t.values, " "))
				case len(t.values) > 0:
					fmt.Fprintf(&b, ":%s:(%s)", quoted(t.placeholder), quoted(strings.Join(t.values, " ")))
				case t.placeholder != "":
					fmt.Fprintf(&b, ":%s:_files", quoted(t.placeholder))
				}
				b.WriteString("' \\\n")
			}
		}
		if c.command == "" {
			fmt.Fprintf(&b, "\t\t'1:command or file:{_alternative \"commands:command:(%s)\" \"files:file:_files\"}' \\\n", strings.Join(commandNames(app), " "))
		}
		b.WriteString("\t\t'*:file:_files' ;;\n")
	}
	fmt.Fprintf(&b, "\tesac\n}\n_%s \"$@\"\n", app.Name)
	return b.String()
}

// fishCompletion is the same for fish (complete(1) of fish).
func fishCompletion(app *cli.App) string {
	quoted := func(text string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'" }
	var b strings.Builder
	fmt.Fprintf(&b, "# fish completion of %s\n", app.Name)
	var commands []string
	for _, c := range completions(app)[1:] {
		commands = append(commands, c.command)
	}
	for _, name := range commandNames(app) {
		fmt.Fprintf(&b, "complete -c %s -n __fish_use_subcommand -a %s\n", app.Name, name)
	}
	for _, c := range completions(app) {
		when := "__fish_seen_subcommand_from " + c.command
		if c.command == "" {
			when = strings.TrimSpace("not __fish_seen_subcommand_from help completion " + strings.Join(commands, " "))
		}
		for _, t := range c.flags {
			fmt.Fprintf(&b, "complete -c %s -n %s", app.Name, quoted(when))
			for _, name := range t.names {
				if len(name) == 1 {
					fmt.Fprintf(&b, " -s %s", name)
				} else {
					fmt.Fprintf(&b, " -l %s", name)
				}
			}
			switch {
			case len(t.values) > 0 && !t.isFile():
				fmt.Fprintf(&b, " -x -a %s", quoted(strings.Join(t.values, " ")))
			case len(t.values) > 0:
				fmt.Fprintf(&b, " -r -a %s", quoted(strings.Join(t.values, " ")))
			case t.placeholder != "":
				b.WriteString(" -r")
			}
			fmt.Fprintf(&b, " -d %s\n", quoted(t.about))
		}
	}
	return b.String()
}
