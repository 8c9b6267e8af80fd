package tool

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// manual is the manual page of a tool in section 1, in the language of man(7).
func manual(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"backdrop %s\" \"\"\n", strings.ToUpper(app.Name), Version)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(app.Name), roff(app.Usage))
	section(&b, ".SH SYNOPSIS", usageLine(app))
	manualOf(&b, app, ".SH")
	for _, cmd := range app.Commands {
		sub := command(app, cmd)
		fmt.Fprintf(&b, ".SH %s\n%s\n", roff(strings.ToUpper(sub.Name)), roff(sub.Usage))
		manualOf(&b, sub, ".SS")
	}
	return b.String()
}

// manualOf is the sections that a tool and its commands have alike.
func manualOf(b *strings.Builder, app *cli.App, head string) {
	if app.Description != "" {
		fmt.Fprintf(b, "%s DESCRIPTION\n", head)
		for line := range strings.Lines(app.Description) {
			if line = strings.TrimSpace(line); line == "" {
				line = ".PP"
			} else {
				line = roff(line)
			}
			fmt.Fprintln(b, line)
		}
	}
	texts := flagTexts(app)
	for _, group := range GuideOf(app).Groups {
		fmt.Fprintf(b, "%s %s\n", head, roff(strings.ToUpper(group.Name)))
		for _, name := range group.Names() {
			t := texts[name]
			fmt.Fprintf(b, ".TP\n\\fB%s\\fR %s\n%s\n", roff(strings.Join(t.heads(), ", ")), roff(t.placeholder), roff(t.full()))
		}
	}
	if app.UsageText != "" {
		section(b, head+" EXAMPLES", app.UsageText)
	}
}

// section is lines that are shown as they are.
func section(b *strings.Builder, head, text string) {
	fmt.Fprintf(b, "%s\n.nf\n", head)
	for line := range strings.Lines(text) {
		fmt.Fprintln(b, roff(strings.TrimSuffix(line, "\n")))
	}
	b.WriteString(".fi\n")
}

// roff writes a text so that none of it is taken for a request or an escape.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}
