package main

import (
	_ "embed"
	"html/template"
	"strings"
	text "text/template"
)

var (
	//go:embed report.md.tmpl
	markdownText string
	//go:embed report.html.tmpl
	htmlText string

	markdownPage = text.Must(text.New("report.md").Funcs(text.FuncMap{"join": strings.Join}).Parse(markdownText))
	htmlPage     = template.Must(template.New("report.html").Funcs(template.FuncMap{"prose": prose, "id": id, "unbroken": unbroken}).Parse(htmlText))
)

// prose turns text in which `code` is marked as in Markdown into paragraphs of HTML.
func prose(s string) template.HTML {
	var b strings.Builder
	for _, paragraph := range strings.Split(s, "\n\n") {
		b.WriteString("<p>")
		for i, part := range strings.Split(template.HTMLEscapeString(paragraph), "`") {
			if i%2 == 1 {
				part = "<code>" + part + "</code>"
			}
			b.WriteString(part)
		}
		b.WriteString("</p>\n")
	}
	return template.HTML(b.String())
}

// unbroken keeps a number and its per cent sign on one line.
func unbroken(s string) string { return strings.ReplaceAll(s, " %", "\u00a0%") }

// id turns the heading of a section into its identifier.
func id(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), " ", "-") }
