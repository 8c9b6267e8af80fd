package stream

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	blockSize  = 512
	endMarker  = 2 * blockSize
	maxHeaders = 8 << 20  // of one member, with its PAX and GNU extensions
	maxPadding = 16 << 20 // zeros behind an end marker; GNU tar pads to 10 KiB, at most some MiB with --blocking-factor
)

// headerWatch stands between a tar.Reader and its input. While the reader looks for the next member, it bounds what
// the headers may cost, and counts the zero bytes last seen, because a tar.Reader takes the end of the input for the
// end of the archive, marker or not.
type headerWatch struct {
	r     *bufio.Reader
	on    bool
	left  int
	zeros int
}

func (w *headerWatch) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if !w.on {
		return n, err
	}
	if w.left -= n; w.left < 0 {
		return 0, fmt.Errorf("tar headers of more than %d bytes", maxHeaders)
	}
	tail := len(bytes.TrimRight(p[:n], "\x00"))
	if tail > 0 {
		w.zeros = 0
	}
	w.zeros += n - tail
	return n, err
}

// next returns the next header, and io.EOF only after the end marker. The data of the member before it was read to
// its end, so what passes is padding, less than a block, and headers: two blocks of zeros in one piece are the
// marker and nothing else.
func (w *headerWatch) next(t *tar.Reader) (*tar.Header, error) {
	w.on, w.left, w.zeros = true, maxHeaders, 0
	h, err := t.Next()
	w.on = false
	switch {
	case errors.Is(err, tar.ErrInsecurePath): // names are checked here, whatever GODEBUG says
		return h, nil
	case err == io.EOF && w.zeros < endMarker:
		return nil, cutError("stream ends without a tar end marker")
	case err == io.ErrUnexpectedEOF:
		return nil, cutError("stream ends inside a tar header")
	}
	return h, err
}

// skipPadding reads the zeros behind an end marker, up to whatever follows them or to io.EOF.
func skipPadding(r *bufio.Reader) error {
	for skipped := 0; skipped <= maxPadding; {
		if _, err := r.Peek(1); err != nil {
			return err
		}
		b, _ := r.Peek(r.Buffered())
		n := len(b) - len(bytes.TrimLeft(b, "\x00"))
		r.Discard(n)
		if skipped += n; n < len(b) {
			return nil
		}
	}
	return fmt.Errorf("more than %d zero bytes behind the tar end marker", maxPadding)
}

// checkTar reports what is wrong if no tar archive starts here.
func checkTar(r *bufio.Reader) error {
	b, err := r.Peek(blockSize)
	if kind := sniff(b); kind != "" {
		return fmt.Errorf("not a tar archive but %s", kind)
	}
	if err == io.EOF {
		return cutError(fmt.Sprintf("data ends after %d bytes of the first tar header", len(b)))
	}
	if err != nil {
		return err
	}
	if _, err := tar.NewReader(bytes.NewReader(b)).Next(); errors.Is(err, tar.ErrHeader) {
		return fmt.Errorf("not a tar archive: it starts with %q", b[:min(16, len(b))])
	}
	return nil
}

// sniff names what people mistake for a tensor stream, with the remedy.
func sniff(b []byte) string {
	for _, f := range []struct{ magic, kind string }{
		{"\x93NUMPY", "a .npy array"},
		{"PK\x03\x04", "a zip archive (.npz?)"},
		{"\x1f\x8b", "gzip data; decompress it first with gzip -dc"},
		{"BZh", "bzip2 data; decompress it first with bzip2 -dc"},
		{"\xfd7zXZ\x00", "xz data; decompress it first with xz -dc"},
		{"\x89PNG", "a PNG picture; pack pictures with tar -c"},
		{"\xff\xd8\xff", "a JPEG picture; pack pictures with tar -c"},
	} {
		if bytes.HasPrefix(b, []byte(f.magic)) {
			return f.kind
		}
	}
	return ""
}

// checkHeader returns the name of a regular file, "" for what is skipped, and an error for anything that is neither.
func checkHeader(h *tar.Header) (string, error) {
	for record := range h.PAXRecords {
		if strings.HasPrefix(record, "GNU.sparse.") {
			return "", fmt.Errorf("member %s: sparse file; pack without --sparse", quoted(h.Name))
		}
	}
	what := ""
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeCont:
		name, err := cleanName(h.Name)
		if err != nil {
			return "", fmt.Errorf("member %s: %w", quoted(h.Name), err)
		}
		return name, nil
	case tar.TypeDir:
		return "", nil
	case tar.TypeXGlobalHeader:
		for _, record := range []string{"path", "size", "linkpath"} {
			if _, ok := h.PAXRecords[record]; ok {
				return "", fmt.Errorf("global PAX header sets %s for every member", record)
			}
		}
		return "", nil
	case tar.TypeSymlink:
		what = "symbolic link; pack with --dereference"
	case tar.TypeLink:
		what = "hard link; pack with --hard-dereference"
	case tar.TypeGNUSparse:
		what = "sparse file; pack without --sparse"
	case tar.TypeChar, tar.TypeBlock:
		what = "device"
	case tar.TypeFifo:
		what = "named pipe"
	default:
		what = fmt.Sprintf("unknown type %q", h.Typeflag)
	}
	return "", fmt.Errorf("member %s: %s", quoted(h.Name), what)
}
