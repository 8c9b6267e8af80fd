package stream

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"backdrop/formats/cut"
	"backdrop/formats/npy"
	"backdrop/formats/sniff"
)

// Member is a regular file in a stream.
type Member struct {
	Name string // its path
	Data []byte // valid until the next call
}

// MemberReader reads the members of a stream in order, or the files of a folder as if they were members.
type MemberReader struct {
	limits  Limits
	src     *bufio.Reader // the tar archives, decompressed
	unpack  string        // the command that decompresses it; "" if it is plain
	watch   headerWatch
	tar     *tar.Reader  // nil between two archives
	archive int          // number of the archive, of streams that were concatenated
	folder  *folder      // whose files are read instead of archives; nil if there is none
	passed  passed       // what was passed over
	body    io.Reader    // what is left of the data of the current member
	name    string       // of the current member
	key     string       // of its sample, if it is a file of a folder
	size    int64        // of its data
	proven  int64        // the largest size that a member claimed to have, and had
	buf     []byte       // the part of the current member that fill has read
	spare   [][]byte     // memory of arrays that samples have given back
	window  int64        // bytes that the decoder holds at most; 0: plain
	file    *os.File     // that the stream is, as it is; nil if it is none, or compressed
	mapping *npy.Mapping // of this file
	err     error        // that ended the stream
}

// NewMemberReader starts to read a stream, compressed or plain. It reads ahead.
func NewMemberReader(r io.Reader, l Limits) (*MemberReader, error) {
	m := &MemberReader{limits: l.OrDefault()}
	if err := m.start(r); err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	return m, nil
}

// newMappedReader is NewMemberReader for a plain stream in a file that is mapped, whose arrays can be left where they are.
func newMappedReader(f *os.File, mapping *npy.Mapping, l Limits) (*MemberReader, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, err := NewMemberReader(f, l)
	if err == nil && m.unpack == "" {
		m.file, m.mapping = f, mapping
	}
	return m, err
}

// inputBuffer holds a pipe's worth of bytes (pipe(7)).
const inputBuffer = 64 << 10

// start finds out whether the stream is compressed, and starts its first archive.
func (m *MemberReader) start(r io.Reader) error {
	m.src = bufio.NewReaderSize(r, inputBuffer)
	magic, err := m.src.Peek(4)
	if err == io.EOF && len(magic) == 0 {
		return cut.Error("no data")
	}
	if err != nil && err != io.EOF {
		return err
	}
	switch {
	case sniff.IsZstd(magic):
		m.unpack, m.window = "zstd -dc", zstdWindow(m.src, m.limits.Window)
		m.src, err = decompress(m.src, uint64(m.window))
	case sniff.IsGzip(magic):
		m.unpack, m.window = "gzip -dc", gzipMemory
		m.src, err = gunzip(m.src)
	default:
		err = nil
	}
	if err != nil {
		return err
	}
	m.watch.r = m.src
	return m.nextArchive()
}

// nextArchive starts the archive that the next byte belongs to.
func (m *MemberReader) nextArchive() error {
	if err := checkTar(m.src, m.unpack); err != nil {
		return err
	}
	m.tar = tar.NewReader(&m.watch)
	m.body = m.tar
	return nil
}

// Next returns the next member. io.EOF means that the stream is complete.
func (m *MemberReader) Next() (Member, error) {
	name, err := m.Open()
	if err != nil {
		return Member{}, err
	}
	data, err := m.Bytes()
	return Member{name, data}, err
}

// Bytes returns the data of the member that Open went to, valid until the next call.
func (m *MemberReader) Bytes() ([]byte, error) {
	data, err := m.data()
	if err != nil {
		return nil, m.fail(err)
	}
	return data, nil
}

// Array reads the member that Open went to, which must be one array and nothing else. Its elements may take at most
// limit bytes, both as they are and as float32. Anything else is refused by its header, before the rest is read.
func (m *MemberReader) Array(limit int64) (*npy.Array, error) {
	a, err := m.array(npy.ReadFloats, limit)
	if err != nil {
		return nil, m.fail(err)
	}
	return a, nil
}

// fail ends the stream with an error in the current member.
func (m *MemberReader) fail(err error) error {
	m.err = m.at(err)
	return m.err
}

// at says that an error is one in the current member.
func (m *MemberReader) at(err error) error {
	return m.wrap(fmt.Errorf("%s %s: %w", m.what(), quoted(m.name), err))
}

// wrap says that an error is one of a stream, unless it is one of a folder.
func (m *MemberReader) wrap(err error) error {
	if m.folder != nil {
		return err
	}
	return fmt.Errorf("stream: %w", err)
}

// what is what a member is called.
func (m *MemberReader) what() string {
	if m.folder != nil {
		return "file"
	}
	return "member"
}

// Open goes to the next member and returns its name. Bytes or Array then reads its data; another Open skips them. io.EOF
// means that the stream is complete.
func (m *MemberReader) Open() (string, error) {
	for m.err == nil {
		advance := m.advance
		if m.folder != nil {
			advance = m.advanceFile
		}
		found, err := advance()
		switch {
		case err == io.EOF:
			m.err = err
		case err != nil:
			m.err = m.wrap(err)
		case found:
			return m.name, nil
		}
	}
	return "", m.err
}

// advance reads one header, or what lies between two archives, and reports whether it came to a member.
func (m *MemberReader) advance() (bool, error) {
	if m.tar == nil {
		skipped, err := skipZeros(m.src)
		m.watch.at += int64(skipped)
		if err == nil {
			m.archive++
			err = m.nextArchive()
		}
		if err != nil && err != io.EOF {
			err = fmt.Errorf("behind the tar end marker: %w", err)
		}
		return false, err
	}
	if _, err := m.skip(); err != nil {
		return false, fmt.Errorf("member %s: %w", quoted(m.name), err)
	}
	m.proven = max(m.proven, m.size)
	h, err := m.watch.next(m.tar)
	if err == io.EOF {
		m.tar = nil
		return false, nil
	}
	if err != nil && m.name != "" {
		err = fmt.Errorf("after member %s: %w", quoted(m.name), err)
	}
	if err != nil {
		return false, err
	}
	name, err := checkHeader(h)
	if name == "" || err != nil {
		return false, err
	}
	m.name, m.size, m.buf = name, h.Size, m.buf[:0]
	if m.mapping != nil && strings.HasSuffix(name, ".npy") {
		return true, nil // it may stay where it is
	}
	if err := m.fits(); err != nil {
		return false, fmt.Errorf("member %s: %w", quoted(name), err)
	}
	return true, nil
}

// fits returns an error if the current member is larger than one that is read may be.
func (m *MemberReader) fits() error {
	limit, text := m.limits.Member, isText(m.name)
	if text {
		limit = min(limit, maxText)
	}
	switch {
	case m.size <= limit:
		return nil
	case text:
		return fmt.Errorf("%d bytes, the limit is %d", m.size, limit)
	}
	return limitError{m.size, limit}
}

// limitError is npy.ErrLimit of a member.
type limitError struct{ size, limit int64 }

// Error says both.
func (e limitError) Error() string { return fmt.Sprintf("%d bytes, the limit is %d", e.size, e.limit) }

// Unwrap returns npy.ErrLimit.
func (e limitError) Unwrap() error { return npy.ErrLimit }

// skip reads the rest of the current member and returns its length.
func (m *MemberReader) skip() (int64, error) {
	n, err := io.Copy(io.Discard, m.body)
	if err == io.ErrUnexpectedEOF {
		err = cut.Errorf("data ends before its %d bytes", m.size)
	}
	return n, err
}

// data reads the rest of the current member and returns all of it.
func (m *MemberReader) data() ([]byte, error) {
	data, err := m.fill(m.size)
	if err == nil && m.folder != nil {
		err = m.complete()
	}
	return data, err
}

// fill reads the current member until n bytes of it are in the buffer, or all of it. The buffer grows as bytes arrive.
func (m *MemberReader) fill(n int64) ([]byte, error) {
	if err := m.fits(); err != nil {
		return nil, err
	}
	n = min(n, m.size)
	for int64(len(m.buf)) < n {
		if len(m.buf) == cap(m.buf) {
			bigger := make([]byte, len(m.buf), grown(m.size, int64(len(m.buf))))
			copy(bigger, m.buf)
			m.buf = bigger
		}
		part := m.buf[len(m.buf):min(int64(cap(m.buf)), n)]
		got, err := io.ReadFull(m.body, part)
		m.buf = m.buf[:len(m.buf)+got]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = cut.Errorf("data ends after %d of %d bytes", len(m.buf), m.size)
		}
		if err != nil {
			return nil, err
		}
	}
	return m.buf, nil
}

// step is how many bytes are allocated for a claim before any have arrived.
const step = 1 << 20

// grown is the next size of a buffer for a member of size bytes, of which have have arrived: size, or a fifth of it, or a
// fifth of that, down to a step. All of these buffers together take 1 + 1/5 + 1/25 + … = 1.25 times size.
func grown(size, have int64) int64 {
	n := size
	for n > step && n/5 > have {
		n /= 5
	}
	return n
}
