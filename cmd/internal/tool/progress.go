package tool

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

const redraw = 100 * time.Millisecond // a reader sees ten drawings a second as motion

// Quick is how long a program, or a step, may take before a terminal shows how far it is, and LineEvery how long a piece of work may take without a
// line about it where there is none. Tests set them.
var Quick, LineEvery = time.Second, 30 * time.Second

// Progress tells a person how far work is, which one goroutine does, while another draws. On a terminal that is one line, rewritten
// ten times a second at most. Elsewhere, such as in a log file, it is a line for every half minute that one piece of work takes.
//
// Whoever else writes to the same file uses Write or Printf meanwhile. Nothing is drawn after Close.
type Progress struct {
	w        io.Writer
	quiet    bool
	terminal bool
	text     func() string

	mu    sync.Mutex
	start time.Time
	began time.Time // of the piece of work under way, or the last line about it
	drawn string    // what is on the line that is rewritten
	stop  chan struct{}
	ended chan struct{}
}

// NewProgress begins to show what text returns, "" for nothing. text is never called while a function that was passed to Change
// or Next runs.
func (s Stdio) NewProgress(quiet bool, text func() string) *Progress {
	return newProgress(s.Err, quiet, IsTerminal(s.Err), text)
}

func newProgress(w io.Writer, quiet, terminal bool, text func() string) *Progress {
	now := time.Now()
	p := &Progress{w: w, quiet: quiet, terminal: terminal, text: text, start: now, began: now, stop: make(chan struct{}), ended: make(chan struct{})}
	if quiet {
		close(p.ended)
		return p
	}
	every := redraw
	if !p.terminal {
		every = min(time.Second, LineEvery/4)
	}
	go p.run(every)
	return p
}

func (p *Progress) run(every time.Duration) {
	defer close(p.ended)
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-p.stop:
			return
		case now := <-t.C:
			p.draw(now)
		}
	}
}

func (p *Progress) draw(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait := p.start.Add(Quick); p.terminal && now.Before(wait) || !p.terminal && now.Sub(p.began) < LineEvery {
		return
	}
	text := p.text()
	switch {
	case text == "" || text == p.drawn:
	case p.terminal:
		text = fitting(text, p.w)
		fmt.Fprint(p.w, "\r\033[K"+text)
		p.drawn = text
	default:
		fmt.Fprintln(p.w, text)
		p.began = now
	}
}

// fitting cuts a text to the width of a terminal: only one line can be rewritten.
func fitting(text string, terminal io.Writer) string {
	f, ok := terminal.(*os.File)
	if !ok {
		return text
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if runes := []rune(text); err == nil && 0 < width && width <= len(runes) {
		return string(runes[:width-1])
	}
	return text
}

// Change changes what text looks at.
func (p *Progress) Change(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// Next is Change when a new piece of work begins.
func (p *Progress) Next(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.began = time.Now()
}

// Write writes lines in the place of the one that is rewritten, also if the progress is quiet.
func (p *Progress) Write(lines []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(lines)
}

// Printf writes lines that are progress, too.
func (p *Progress) Printf(format string, args ...any) {
	if !p.quiet {
		fmt.Fprintf(p, format, args...)
	}
}

// Close ends the drawing and takes the line away that was rewritten. It may be called again.
func (p *Progress) Close() {
	p.mu.Lock()
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	p.mu.Unlock()
	<-p.ended
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *Progress) clear() {
	if p.drawn != "" {
		fmt.Fprint(p.w, "\r\033[K")
		p.drawn = ""
	}
}

// Percent writes a part of 1.
func Percent(part float64) string {
	return fmt.Sprintf("%d %%", int(100*min(part, 1)))
}

// Left writes how much longer work takes that has taken a while for a part of 1, "" if too little is done to say.
func Left(took time.Duration, part float64) string {
	const least = 1e-3
	if part < least {
		return ""
	}
	return "ETA " + (time.Duration(float64(took) * max(0, 1-part) / part)).Round(time.Second).String()
}

// Columns joins the texts that there are, as the line of a Progress has them.
func Columns(texts ...string) string {
	var all []string
	for _, t := range texts {
		if t != "" {
			all = append(all, t)
		}
	}
	return strings.Join(all, "  ")
}
