package stream

import (
	"fmt"
	"io"
	"slices"

	"backdrop/formats/cut"
	"backdrop/formats/npy"
	"backdrop/lib/pixels"
)

// array reads the current member, which must be one array and nothing else, with one of npy's functions.
func (m *MemberReader) array(read func(io.Reader, int64) (*npy.Array, error), limit int64) (*npy.Array, error) {
	if err := m.fits(); err != nil {
		return nil, err
	}
	a, err := read(&body{m: m}, limit)
	if err == io.EOF {
		return nil, cut.Error("npy: no data")
	}
	if err != nil {
		return nil, err
	}
	extra, err := m.skip()
	if err == nil && extra > 0 {
		err = fmt.Errorf("%d bytes behind the array", extra)
	}
	return a, err
}

// place returns the array that is the current member where it is in the file, and passes over it; nil if it cannot be left there:
// the stream is not in a file that is mapped, the array is small (pixels.Small), or it is none, as reading it will show.
func (m *MemberReader) place() (*npy.Array, error) {
	if m.folder != nil {
		return m.placeFile(), nil
	}
	from := m.watch.at
	if m.mapping == nil || m.size <= int64(pixels.Small) || m.size > m.mapping.Size()-from {
		return nil, nil
	}
	to := from + m.size
	a, err := m.mapping.Array(from, to)
	if err != nil || a.Len() <= pixels.Small {
		return nil, nil
	}
	if _, err := m.file.Seek(to, io.SeekStart); err != nil {
		return nil, err
	}
	m.src.Reset(m.file)
	m.watch.at, m.watch.gone = to, m.size
	return a, nil
}

// body is the data of the current member, as an npy.Allocator: an array gets memory that a sample has given back, or
// all of its memory at once, so that it is held only once, if its size is to be believed.
type body struct {
	m     *MemberReader
	ahead [][]byte // what Allocate has read, which Read returns first
	err   error    // what ended the data while Allocate read
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	for len(b.ahead) > 0 {
		n := copy(p, b.ahead[0])
		if b.ahead[0] = b.ahead[0][n:]; len(b.ahead[0]) == 0 {
			b.ahead = b.ahead[1:]
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	if b.err != nil {
		return 0, b.err
	}
	return b.m.body.Read(p)
}

// Allocate implements npy.Allocator.
func (b *body) Allocate(size int64) []byte {
	if spare := b.m.reuse(size); spare != nil {
		return spare
	}
	return make([]byte, min(size, max(step, b.certain())))
}

// reuse returns memory for n bytes that a sample has given back: the smallest piece that is large enough. If there is none it
// returns nil and drops the oldest piece, for sizes have changed.
func (m *MemberReader) reuse(n int64) []byte {
	best := -1
	for i, v := range m.spare {
		if int64(cap(v)) >= n && (best < 0 || cap(v) < cap(m.spare[best])) {
			best = i
		}
	}
	if best < 0 || n == 0 {
		if n > 0 && len(m.spare) > 0 {
			m.spare = slices.Delete(m.spare, 0, 1)
		}
		return nil
	}
	v := m.spare[best]
	m.spare = slices.Delete(m.spare, best, best+1)
	return v[:n]
}

// held returns how many bytes the reader holds at most between two members.
func (m *MemberReader) held() int64 {
	size := int64(cap(m.buf)) + m.window
	for _, v := range m.spare {
		size += int64(cap(v))
	}
	return size
}

// certain returns for how many bytes memory may be taken at once: for all that the member claims to have, if another
// member has had as many or if a quarter of them arrives.
func (b *body) certain() int64 {
	if b.m.size <= max(b.m.proven, step) {
		return b.m.size
	}
	for have := int64(0); have < b.m.size/4; {
		part := make([]byte, min(step, b.m.size/4-have))
		var n int
		n, b.err = io.ReadFull(b.m.body, part)
		b.ahead = append(b.ahead, part[:n])
		if have += int64(n); b.err != nil {
			return have + 1 // so that npy.Read comes to the error
		}
	}
	return b.m.size
}
