package tool

import (
	"bytes"
	"testing"
)

func TestNotices(t *testing.T) {
	var out bytes.Buffer
	n := Stdio{Err: &out}.NewNotices("tool")
	n.Add("first")
	n.Add("second,\nof two lines")
	if out.Len() > 0 {
		t.Errorf("before Show: %q", out.String())
	}
	n.Show()
	n.Add("third")
	n.Show()
	n.Show()
	if want := "tool: first\ntool: second, of two lines\ntool: third\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
