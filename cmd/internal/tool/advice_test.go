package tool

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"backdrop/formats/dataset"
)

func TestAdvise(t *testing.T) {
	cause := errors.New("no space left")
	for _, c := range []struct {
		err  error
		want string
	}{
		{&dataset.AdvisedError{Err: errors.New("no labels"), Advice: dataset.GiveLabels}, "reading a: no labels; name a .npy that has them with --val-labels"},
		{&dataset.AdvisedError{Err: errors.New("two labels"), Advice: dataset.LeaveLabels}, "reading a: two labels; leave out --val-labels"},
		{&dataset.AdvisedError{Err: cause, Advice: dataset.AllowMemory}, "reading a: no space left; allow more memory with --memory"},
		{&dataset.AdvisedError{Err: cause, Try: "point TMPDIR to more room", Advice: dataset.AllowMemory},
			"reading a: no space left; point TMPDIR to more room or allow more memory with --memory"},
		{cause, "reading a: no space left"},
	} {
		err := fmt.Errorf("reading a: %w", c.err)
		got := Advise(err, "--val-labels")
		if got.Error() != c.want || !errors.Is(got, err) {
			t.Errorf("%v, want %s", got, c.want)
		}
	}
	if err := Advise(nil, ""); err != nil {
		t.Error(err)
	}
	if err := Advise(io.EOF, ""); err != io.EOF {
		t.Error(err)
	}
}
