package cut_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"backdrop/formats/cut"
)

func TestErrorIsUnexpectedEOF(t *testing.T) {
	err := fmt.Errorf("reading a: %w", cut.Errorf("data ends after %d bytes", 3))
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || err.Error() != "reading a: data ends after 3 bytes" {
		t.Errorf("%v", err)
	}
}
