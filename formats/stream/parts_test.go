package stream

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"backdrop/formats/npy"
)

// A sample in parts is the same bytes as in one; an error of a part ends the stream, and elements are counted from the first
// part on.
func TestWriteParts(t *testing.T) {
	x := []float32{0, 1, 2, 3, 4, 1e9}
	s := &Sample{Key: "a", Shape: []int{2, 3}, X: x, Label: 1, HasLabel: true, Info: []byte(`{}`)}
	for _, dtype := range []npy.DType{npy.Float32, npy.Float64} {
		want := writeSamples(t, None, dtype, Metadata{}, []*Sample{s})
		for _, cut := range []int{0, 1, 4, 6} {
			var got bytes.Buffer
			w, err := NewWriter(&got, None)
			if err == nil {
				err = w.WriteMetadata(Metadata{})
			}
			if err == nil {
				err = w.WriteParts(s, dtype, func(take func([]float32) error) error { return errors.Join(take(x[:cut]), take(x[cut:])) })
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("cut at %d: %v, or other bytes", cut, err)
			}
		}
	}
	bad := errors.New("no more parts")
	for want, parts := range map[string]Parts{
		"stream: member a.x.npy: no more parts": func(take func([]float32) error) error { take(x[:3]); return bad },
		"stream: member a.x.npy: npy: element 5 is 1e+09, beyond the range of f2": func(take func([]float32) error) error {
			if err := take(x[:4]); err != nil {
				return err
			}
			return take(x[4:])
		},
	} {
		w, err := NewWriter(new(bytes.Buffer), None)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteParts(s, npy.Float16, parts); err == nil || !strings.Contains(err.Error(), want) || w.Close() == nil {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// What no header of a plain tar has digits for is refused before anything of it is written.
func TestMemberTooLarge(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, None)
	if err != nil {
		t.Fatal(err)
	}
	s := &Sample{Key: "a", Shape: []int{1 << 16, 1 << 15}}
	err = w.WriteParts(s, npy.Float32, func(func([]float32) error) error { panic("nothing is asked for") })
	if want := "stream: member a.x.npy: 8589934720 bytes, a tar holds 8589934591 at most"; err == nil || err.Error() != want || b.Len() > 0 {
		t.Errorf("%v after %d bytes, want %q", err, b.Len(), want)
	}
}
