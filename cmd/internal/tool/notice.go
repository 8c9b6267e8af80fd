package tool

import (
	"fmt"
	"strings"
)

// Notices are lines on standard error that are no progress: --quiet does not silence them. They are kept back until Show,
// because where a run ends in an error there is one line.
type Notices struct {
	streams Streams
	tool    string
	lines   []string
}

// NewNotices returns the notices of a tool.
func (s Streams) NewNotices(tool string) *Notices { return &Notices{streams: s, tool: tool} }

// Add keeps a line for Show.
func (n *Notices) Add(line string) { n.lines = append(n.lines, line) }

// Show writes the lines that were kept back.
func (n *Notices) Show() {
	for _, line := range n.lines {
		fmt.Fprintf(n.streams.Err, "%s: %s\n", n.tool, strings.ReplaceAll(line, "\n", " "))
	}
	n.lines = nil
}
