package cut_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"backdrop/formats/cut"
)

func TestEnded(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{io.EOF, true},
		{fmt.Errorf("reading a: %w", io.EOF), true},
		{io.ErrUnexpectedEOF, false},
		{cut.Errorf("data ends after %d bytes", 3), false},
		{errors.Join(cut.Error("cut"), io.EOF), false},
		{errors.New("disk on fire"), false},
	} {
		if got := cut.Ended(c.err); got != c.want {
			t.Errorf("Ended(%v) is %v", c.err, got)
		}
	}
}

func TestErrorIsUnexpectedEOF(t *testing.T) {
	err := fmt.Errorf("reading a: %w", cut.Errorf("data ends after %d bytes", 3))
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || err.Error() != "reading a: data ends after 3 bytes" {
		t.Errorf("%v", err)
	}
}
