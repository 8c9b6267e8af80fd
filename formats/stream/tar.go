package stream

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"backdrop/formats/cut"
	"backdrop/formats/sniff"
)

const (
	blockSize  = 512
	endMarker  = 2 * blockSize
	maxHeaders = 8 << 20  // bytes of headers of one member, with PAX and GNU extensions
	maxPadding = 16 << 20 // zeros behind an archive: tar pads to 10 KiB, to a few MiB with --blocking-factor
)

// headerWatch stands between a tar.Reader and its input. While the tar.Reader looks for the next member, it limits the
// bytes of headers, and it counts zero bytes, because a tar.Reader takes the end of the input for the end of the
// archive even if the end marker is missing.
type headerWatch struct {
	r     *bufio.Reader
	at    int64 // bytes that were read so far
	gone  int64 // bytes of the current member that were passed over already: what stands in their place does not matter
	on    bool  // the tar.Reader is looking for a member
	left  int   // bytes that headers may still have
	zeros int   // bytes at the end of what was read that are zero
}

// Read implements io.Reader.
func (w *headerWatch) Read(p []byte) (int, error) {
	if w.gone > 0 {
		n := int(min(w.gone, int64(len(p))))
		w.gone -= int64(n)
		return n, nil
	}
	n, err := w.r.Read(p)
	w.at += int64(n)
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

// next returns the next header, and io.EOF only after the end marker. The data of the member before was read to its
// end, so that what is read now is padding, less than a block, and headers: two blocks of zeros in a row can only be
// the end marker.
func (w *headerWatch) next(t *tar.Reader) (*tar.Header, error) {
	w.on, w.left, w.zeros = true, maxHeaders, 0
	h, err := t.Next()
	w.on = false
	switch {
	case errors.Is(err, tar.ErrInsecurePath): // whatever GODEBUG says: checkHeader checks names
		return h, nil
	case err == io.EOF && w.zeros < endMarker:
		return nil, cut.Error("stream ends without a tar end marker")
	case err == io.ErrUnexpectedEOF:
		return nil, cut.Error("stream ends inside a tar header")
	}
	return h, err
}

// skipZeros skips the zeros that pad an archive, and counts them. It returns io.EOF if nothing follows them.
func skipZeros(r *bufio.Reader) (skipped int, err error) {
	for skipped <= maxPadding {
		if _, err := r.Peek(1); err != nil {
			return skipped, err
		}
		b, _ := r.Peek(r.Buffered())
		n := len(b) - len(bytes.TrimLeft(b, "\x00"))
		r.Discard(n)
		if skipped += n; n < len(b) {
			return skipped, nil
		}
	}
	return skipped, fmt.Errorf("padding of more than %d zero bytes", maxPadding)
}

// checkTar returns an error that says what starts here, unless it is a tar archive. unpack is the command that decompresses the
// data that contain it; "" if they are plain.
func checkTar(r *bufio.Reader, unpack string) error {
	b, err := r.Peek(blockSize)
	if err != nil && err != io.EOF {
		return err
	}
	if err == nil {
		if _, bad := tar.NewReader(bytes.NewReader(b)).Next(); !errors.Is(bad, tar.ErrHeader) {
			return nil
		}
	}
	kind, known := sniff.Of(b)
	switch {
	case kind.Unpack != "":
		return fmt.Errorf("not a tar archive but %s; %s", kind.Name, kind.Unpack)
	case kind.Python != "" && !kind.Text:
		return fmt.Errorf("not a tar archive but %s; NumPy makes an array of it with %s", kind.Name, kind.Python)
	case kind.Picture:
		return fmt.Errorf("not a tar archive but %s; name the folder that the pictures are in", kind.Name)
	case known && !kind.Text && kind != sniff.Tar && unpack != "":
		return fmt.Errorf("not a tar archive but %s; decompress it first with %s", kind.Name, unpack)
	case known && !kind.Text && kind != sniff.Tar:
		return fmt.Errorf("not a tar archive but %s", kind.Name)
	case err == io.EOF: // text may be the name in a cut header
		return cut.Errorf("data ends after %d bytes of the first tar header", len(b))
	case kind == sniff.Tar:
		return errors.New("the first tar header is damaged")
	case kind.Text:
		return fmt.Errorf("not a tar archive but %s: it starts with %q", kind.Name, b[:16])
	}
	return fmt.Errorf("not a tar archive: it starts with %q", b[:16])
}

// checkHeader returns the name of a regular file, "" for what is skipped, and an error for anything else.
func checkHeader(h *tar.Header) (string, error) {
	for record := range h.PAXRecords {
		if strings.HasPrefix(record, "GNU.sparse.") {
			return "", fmt.Errorf("member %s: sparse file; pack with bsdtar --no-read-sparse, or GNU tar without --sparse", quoted(h.Name))
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
		what = "hard link; pack with GNU tar --hard-dereference, or a copy of the folder made with cp -r"
	case tar.TypeGNUSparse:
		what = "sparse file; pack with GNU tar without --sparse"
	case tar.TypeChar, tar.TypeBlock:
		what = "device"
	case tar.TypeFifo:
		what = "named pipe"
	default:
		what = fmt.Sprintf("unknown type %q", h.Typeflag)
	}
	return "", fmt.Errorf("member %s: %s", quoted(h.Name), what)
}
