package stream

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"backdrop/formats/cut"
)

// gzipMemory is what decompressing gzip data takes at most: a window of 32 KiB (RFC 1951, 2), tables, and 64 KiB of a header.
const gzipMemory = 256 << 10

// gunzip decompresses gzip data: members that follow one another, as gzip -c a >> x and parallel compressors make them, and
// zeros behind each, which gzip takes for padding, too. The checksum and the length of each member are verified.
func gunzip(r *bufio.Reader) (*bufio.Reader, error) {
	z := &gzipReader{r: r}
	var err error
	if z.d, err = gzip.NewReader(r); err != nil {
		return nil, z.error(err)
	}
	z.d.Multistream(false)
	return bufio.NewReaderSize(z, inputBuffer), nil
}

// gzipReader goes from one member to the next, and rewords the decoder's errors.
type gzipReader struct {
	r      *bufio.Reader
	d      *gzip.Reader
	behind bool // a member was read to its end
}

// Read implements io.Reader.
func (z *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := z.d.Read(p)
		if err != io.EOF {
			return n, z.error(err)
		}
		if n > 0 {
			return n, nil // the end comes again
		}
		z.behind = true
		if _, err := skipZeros(z.r); err == io.EOF {
			return 0, err
		} else if err != nil {
			return 0, z.error(err)
		}
		if err := z.d.Reset(z.r); err != nil {
			return 0, z.error(err)
		}
		z.d.Multistream(false)
		z.behind = false
	}
}

// error says what is wrong with the data.
func (z *gzipReader) error(err error) error {
	var damaged flate.CorruptInputError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return cut.Error("gzip: data end too early")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("gzip: checksum does not match, the data are damaged")
	case errors.Is(err, gzip.ErrHeader) && z.behind:
		return errors.New("gzip: what follows the data is not gzip data")
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("gzip: the header is damaged")
	case errors.As(err, &damaged):
		return errors.New("gzip: the data are damaged")
	}
	return fmt.Errorf("gzip: %w", err)
}
