package npy

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"unsafe"
)

// allocator is a reader that provides memory: as much as is asked for, but at most most bytes.
type allocator struct {
	io.Reader
	most  int
	asked []int64
	given []byte
}

func (a *allocator) Allocate(size int64) []byte {
	a.asked = append(a.asked, size)
	a.given = make([]byte, min(int(size), a.most))
	return a.given
}

func TestAllocator(t *testing.T) {
	const n = 1000
	text, want := ramp(t, n)
	for _, most := range []int{0, 1, 7, 4*n - 1, 4 * n, 5 * n} {
		r := &allocator{Reader: bytes.NewReader(text), most: most}
		a, err := Read(r, 4*n)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := a.Float32(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d bytes of memory: other elements, error %v", most, err)
		}
		if !slices.Equal(r.asked, []int64{4 * n}) {
			t.Errorf("%d bytes of memory: asked for %d", most, r.asked)
		}
		if shared := most > 0 && unsafe.SliceData(a.raw) == unsafe.SliceData(r.given); shared != (most >= 4*n) {
			t.Errorf("%d bytes of memory: they hold the array: %v", most, shared)
		}
	}
}

// TestAllocatorIsAskedLast: a header that is refused costs no memory.
func TestAllocatorIsAskedLast(t *testing.T) {
	text, _ := ramp(t, 10)
	for _, c := range []struct {
		data  []byte
		limit int64
		want  error
	}{
		{text, 39, ErrTooLarge},
		{[]byte("no array at all"), 40, ErrFormat},
		{text[:30], 40, io.ErrUnexpectedEOF},
	} {
		r := &allocator{Reader: bytes.NewReader(c.data), most: 40}
		if _, err := Read(r, c.limit); !errors.Is(err, c.want) || r.asked != nil {
			t.Errorf("%.10q: %v, asked for %d", c.data, err, r.asked)
		}
	}
}
