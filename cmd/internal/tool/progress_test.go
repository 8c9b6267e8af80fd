package tool

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// hasty makes progress show what is over soon.
func hasty(t *testing.T) {
	quick, every := Quick, LineEvery
	Quick, LineEvery = 0, 200*time.Millisecond
	t.Cleanup(func() { Quick, LineEvery = quick, every })
}

// While work goes on in one goroutine, which changes what is shown and writes lines of its own, the line is rewritten on a terminal,
// and taken away before another is written and at the end. Nothing comes after that.
func TestProgressOnATerminal(t *testing.T) {
	hasty(t)
	var out bytes.Buffer
	step := 0
	p := newProgress(&out, false, true, func() string { return fmt.Sprintf("step %d", step) })
	for begin := time.Now(); time.Since(begin) < 5*redraw; time.Sleep(time.Millisecond) {
		p.Change(func() { step++ })
	}
	p.Printf("one %s\n", "epoch")
	fmt.Fprintln(p, "a notice")
	time.Sleep(3 * redraw)
	p.Close()
	p.Close()
	end := out.String()
	time.Sleep(2 * redraw)
	if out.String() != end {
		t.Errorf("written after the end: %q", out.String()[len(end):])
	}
	const gone = "\r\033[K"
	if n := strings.Count(end, "step"); n < 2 || n > 9 {
		t.Errorf("drawn %d times in %v: %q", n, 8*redraw, end)
	}
	if !strings.Contains(end, gone+"one epoch\na notice\n"+gone+"step") || !strings.HasSuffix(end, gone) {
		t.Errorf("got %q", end)
	}
}

// Elsewhere there is a line when one piece of work takes long, and then from time to time, but not when many short ones do.
func TestProgressElsewhere(t *testing.T) {
	hasty(t)
	var out bytes.Buffer
	p := newProgress(&out, false, false, func() string { return "half" })
	for range 40 {
		p.Next(func() {})
		time.Sleep(LineEvery / 20)
	}
	if p.Close(); out.Len() > 0 {
		t.Errorf("of short work: %q", out.String())
	}
	begin := time.Now()
	p = newProgress(&out, false, false, func() string { return "half" })
	time.Sleep(4 * LineEvery)
	p.Close()
	if n, most := strings.Count(out.String(), "half\n"), int(time.Since(begin)/LineEvery); n < 2 || n > most || len(out.String()) != 5*n {
		t.Errorf("of long work, where %d lines are enough: %q", most, out.String())
	}
}

// A quiet progress shows nothing, but lets others write.
func TestQuietProgress(t *testing.T) {
	hasty(t)
	for _, terminal := range []bool{false, true} {
		var out bytes.Buffer
		p := newProgress(&out, true, terminal, func() string { t.Error("asked"); return "half" })
		p.Printf("one epoch\n")
		fmt.Fprintln(p, "a warning")
		time.Sleep(2 * LineEvery)
		if p.Close(); out.String() != "a warning\n" {
			t.Errorf("terminal %v: %q", terminal, out.String())
		}
	}
}

func TestColumns(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Columns("a", "", "b c"), "a  b c"},
		{Percent(0), "0 %"}, {Percent(0.459), "45 %"}, {Percent(1.01), "100 %"},
		{Left(time.Minute, 0), ""}, {Left(time.Minute, 0.25), "ETA 3m0s"}, {Left(time.Minute, 1), "ETA 0s"}, {Left(time.Minute, 1.1), "ETA 0s"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
