package tool

import (
	"fmt"
	"strings"
)

// Notice writes a line to standard error that is no progress: --quiet does not silence it.
func (s Streams) Notice(tool, line string) {
	fmt.Fprintf(s.Err, "%s: %s\n", tool, strings.ReplaceAll(line, "\n", " "))
}

// Notices are such lines that are kept back until Show, because where a run ends in an error there is one line.
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
		n.streams.Notice(n.tool, line)
	}
	n.lines = nil
}
