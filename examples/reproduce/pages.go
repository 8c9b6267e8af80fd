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

// prose makes paragraphs of HTML of text in which `code` is marked as in Markdown.
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

// unbroken keeps numbers and the signs after them on one line.
func unbroken(s string) string { return strings.ReplaceAll(s, " %", "\u00a0%") }

// id makes a name of a section out of its heading.
func id(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), " ", "-") }
