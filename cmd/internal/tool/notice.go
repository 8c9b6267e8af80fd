package tool

import (
	"fmt"
	"strings"
)

// Notices are lines on standard error that are no progress: --quiet does not silence them. They are kept back until Show,
// when it is clear that the run will not end in an error, which is one line.
type Notices struct {
	streams Streams
	tool    string
	lines   []string
	shown   bool
}

// NewNotices returns the notices of a tool.
func (s Streams) NewNotices(tool string) *Notices { return &Notices{streams: s, tool: tool} }

// Add writes a line, or keeps it back.
func (n *Notices) Add(line string) {
	n.lines = append(n.lines, line)
	if n.shown {
		n.Show()
	}
}

// Show writes the lines that were kept back. After it, no line is.
func (n *Notices) Show() {
	n.shown = true
	for _, line := range n.lines {
		if IsTerminal(n.streams.Err) {
			fmt.Fprint(n.streams.Err, "\r\033[K") // where progress is shown
		}
		fmt.Fprintf(n.streams.Err, "%s: %s\n", n.tool, strings.ReplaceAll(line, "\n", " "))
	}
	n.lines = nil
}
