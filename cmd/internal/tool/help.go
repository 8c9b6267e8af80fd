package tool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// The flag library's own help knows no groups.
func init() { cli.HelpFlag, cli.VersionFlag = nil, nil }

// helpNames are the flags that print a text and do nothing else.
const helpNames = "help help-all version"

// withHelp adds them to a tool.
func withHelp(app *cli.App) *cli.App {
	app.Flags = append(slices.Clip(app.Flags),
		&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show the flags that are used most"},
		&cli.BoolFlag{Name: "help-all", Usage: "show all flags, and explain them"},
		&cli.BoolFlag{Name: "version", Aliases: []string{"v"}, Usage: "print the version"})
	return app
}

// errHelped ends a tool that has shown its help.
var errHelped = errors.New("tool: help was shown")

// showHelp writes the help that was asked for, and returns errHelped; nil if none was.
func showHelp(c *cli.Context) error {
	var text string
	switch {
	case c.Bool("version"):
		text = fmt.Sprintf("%s version %s\n", c.App.Name, c.App.Version)
	case c.Bool("help-all"):
		text = helpAll(c.App)
	case c.Bool("help"):
		text = help(c.App)
	default:
		return nil
	}
	if _, err := io.WriteString(c.App.Writer, text); err != nil {
		return err
	}
	return errHelped
}

// screen is the number of columns of a terminal that a help text is for.
const screen = 80

// help is one screen: what the tool does, examples, the most used flags. What has no groups has few flags: help shows all.
func help(app *cli.App) string {
	if _, grouped := app.Metadata[guideKey]; !grouped {
		return helpAll(app)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s - %s\n\n  %s\n", app.Name, app.Usage, usageLine(app))
	for line := range strings.Lines(app.UsageText) {
		fmt.Fprintf(&b, "  %s\n", strings.TrimSuffix(line, "\n"))
	}
	texts := flagTexts(app)
	g := GuideOf(app)
	width := 0
	for _, group := range g.Groups {
		for _, line := range group.Often {
			width = max(width, len(texts[line[0]].head()))
		}
	}
	for _, group := range g.Groups {
		if len(group.Often) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", group.Name)
		for _, line := range group.Often {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, texts[line[0]].head(), line[1])
		}
	}
	fmt.Fprintf(&b, "\n%s --help-all explains all flags%s.\n", app.Name, argument(app))
	var more []string
	for _, topic := range g.Topics {
		more = append(more, app.Name+" help "+topic.Name)
	}
	for _, cmd := range app.Commands {
		more = append(more, app.Name+" "+cmd.Name+" --help")
	}
	if len(more) > 0 {
		b.WriteString(Wrapped("See also "+strings.Join(more, ", ")+".", ""))
	}
	return b.String()
}

// usageLine is how the tool is called.
func usageLine(app *cli.App) string {
	line := app.Name + " [FLAGS]"
	if app.ArgsUsage != "" {
		line += " " + app.ArgsUsage
	}
	return line
}

// argument says that the long help explains the argument, too, if there is one.
func argument(app *cli.App) string {
	if app.ArgsUsage == "" {
		return ""
	}
	return ", and " + strings.Trim(app.ArgsUsage, "[]")
}

// helpAll is all that there is to say.
func helpAll(app *cli.App) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "NAME\n  %s - %s\n\nUSAGE\n", app.Name, app.Usage)
	for line := range strings.Lines(usageLine(app) + "\n" + app.UsageText) {
		fmt.Fprintf(&b, "  %s\n", strings.TrimSuffix(line, "\n"))
	}
	if app.Description != "" {
		b.WriteString("\nDESCRIPTION\n")
		for line := range strings.Lines(app.Description) {
			fmt.Fprintf(&b, "%s\n", strings.TrimRight("  "+line, " \n"))
		}
	}
	if len(app.Commands) > 0 {
		b.WriteString("\nCOMMANDS\n")
		for _, cmd := range app.Commands {
			fmt.Fprintf(&b, "  %-12s%s\n", cmd.Name, cmd.Usage)
		}
	}
	if topics := GuideOf(app).Topics; len(topics) > 0 {
		b.WriteString("\nTOPICS\n")
		for _, topic := range topics {
			fmt.Fprintf(&b, "  help %-12s%s\n", topic.Name, topic.About)
		}
	}
	texts := flagTexts(app)
	for _, group := range GuideOf(app).Groups {
		fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(group.Name))
		for _, name := range group.Names() {
			fmt.Fprintf(&b, "  %s\n%s", texts[name].head(), Wrapped(texts[name].full(), "      "))
		}
	}
	return b.String()
}

// Wrapped breaks a text into lines that fit on a screen, each with an indent.
func Wrapped(text, indent string) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case at == 0:
			b.WriteString(indent)
			at = len(indent)
		case at+1+n > screen:
			b.WriteString("\n" + indent)
			at = len(indent)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	return b.String() + "\n"
}
