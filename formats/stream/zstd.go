package stream

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"

	"backdrop/formats/cut"
)

// usualWindow is the window that every decoder should accept (RFC 8878, 3.1.1.1.2).
const usualWindow = 8 << 20

// zstdWindow returns the largest window that any frame may have: that of the first frame, or the usual one if that is
// larger, but not more than limit. The decoder holds one window at a time.
func zstdWindow(r *bufio.Reader, limit uint64) int64 {
	b, _ := r.Peek(zstd.HeaderMaxSize)
	var h zstd.Header
	window := uint64(usualWindow)
	if h.Decode(b) == nil {
		window = max(window, h.WindowSize)
	}
	return int64(min(window, limit))
}

// zstdReader rewords the decoder's errors so that they say what to do.
type zstdReader struct {
	d      *zstd.Decoder
	window uint64
}

// decompress decodes in the caller's goroutine. Decoding ahead would gain little, because compressed float32 data are
// mostly literals, and would leave goroutines behind when a stream is not read to its end.
func decompress(r *bufio.Reader, window uint64) (*bufio.Reader, error) {
	d, err := zstd.NewReader(&frames{r: r}, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(window), zstd.WithDecoderMaxMemory(window)) // in a stream, both bound the window
	if err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	return bufio.NewReaderSize(zstdReader{d, window}, inputBuffer), nil
}

// Read implements io.Reader.
func (z zstdReader) Read(p []byte) (int, error) {
	n, err := z.d.Read(p)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, cut.Error("zstd: data ends inside a frame")
	case errors.Is(err, zstd.ErrCRCMismatch):
		return n, errors.New("zstd: checksum does not match, the data are damaged")
	case errors.Is(err, zstd.ErrMagicMismatch):
		return n, errors.New("zstd: what follows a frame is not another")
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return n, fmt.Errorf("zstd: window or block is too large, the limit is %d bytes; decompress it first: zstd -dc --long=31 FILE | …", z.window)
	}
	return n, fmt.Errorf("zstd: %w", err)
}

// frames is a reader of zstd frames without the zeros that may follow each: bsdtar, writing to a pipe, fills up its last
// record with them as tar wants it, but zstd has no padding. Anything else is passed on for the decoder to refuse.
type frames struct {
	r      *bufio.Reader
	left   int64 // bytes to pass on before the next header
	blocks bool  // the next header is that of a block
	tail   int64 // bytes of the checksum behind the last block
	behind bool  // a frame was passed on
}

// rest is the number of bytes to pass on when frames cannot be recognised any more: all of them.
const rest = math.MaxInt64

// Read implements io.Reader.
func (f *frames) Read(p []byte) (int, error) {
	for f.left == 0 {
		look := f.frame
		if f.blocks {
			look = f.block
		}
		if err := look(); err != nil {
			return 0, err
		}
	}
	n, err := f.r.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, err
}

// frame looks at the header of the next frame (RFC 8878, 3.1.1). It returns io.EOF behind the last frame.
func (f *frames) frame() error {
	if f.behind {
		if _, err := skipZeros(f.r); err != nil {
			return err
		}
	}
	f.behind = true
	b, err := f.r.Peek(zstd.HeaderMaxSize)
	if err != nil && err != io.EOF {
		return err
	}
	var h zstd.Header
	if h.Decode(b) != nil {
		f.left = rest
		return nil
	}
	f.left, f.blocks, f.tail = int64(h.HeaderSize)+int64(h.SkippableSize), !h.Skippable, 0
	if h.HasCheckSum {
		f.tail = 4
	}
	return nil
}

// block looks at the header of the next block: is it the last of its frame, its kind, its size (RFC 8878, 3.1.1.2).
func (f *frames) block() error {
	const headerSize, runLength, reserved = 3, 1, 3
	b, err := f.r.Peek(headerSize)
	if err != nil && err != io.EOF {
		return err
	}
	if err == io.EOF {
		f.left = rest
		return nil
	}
	h := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
	last, kind, size := h&1 != 0, h>>1&3, int64(h>>3)
	switch kind {
	case runLength:
		size = 1
	case reserved:
		f.left = rest
		return nil
	}
	f.left = headerSize + size
	if last {
		f.left += f.tail
		f.blocks = false
	}
	return nil
}
