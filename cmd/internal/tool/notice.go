package tool

import (
	"fmt"
	"strings"
)

// Notice writes a line to standard error, even with --quiet: it is not about progress.
func (s Stdio) Notice(tool, line string) {
	fmt.Fprintf(s.Err, "%s: %s\n", tool, strings.ReplaceAll(line, "\n", " "))
}

// Notices are lines for Notice that are kept until Show, because a run that ends in an error prints one line only.
type Notices struct {
	streams Stdio
	tool    string
	lines   []string
}

// NewNotices returns the notices of the tool called tool.
func (s Stdio) NewNotices(tool string) *Notices { return &Notices{streams: s, tool: tool} }

// Add keeps a line for Show.
func (n *Notices) Add(line string) { n.lines = append(n.lines, line) }

// Show writes the lines that were kept.
func (n *Notices) Show() {
	for _, line := range n.lines {
		n.streams.Notice(n.tool, line)
	}
	n.lines = nil
}
