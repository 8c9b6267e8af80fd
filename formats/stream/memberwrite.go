package stream

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"

	"backdrop/formats/npy"
	"backdrop/lib/dims"
)

// Compression says how a stream is compressed.
type Compression uint8

const (
	Zstd Compression = iota // with zstd, as all streams are unless asked otherwise
	None                    // plain tar
)

// MemberWriter writes the members of a stream in the order given.
type MemberWriter struct {
	tar  *tar.Writer
	zstd *zstd.Encoder // nil for plain tar
	out  *valve
	err  error
}

// valve is a writer that can be shut while goroutines of the encoder still write to it.
type valve struct {
	w    io.Writer
	shut atomic.Bool
}

// Write implements io.Writer.
func (v *valve) Write(p []byte) (int, error) {
	if v.shut.Load() {
		return 0, io.ErrClosedPipe
	}
	return v.w.Write(p)
}

// NewMemberWriter starts a stream. Only Close completes it: until then it counts as cut.
func NewMemberWriter(w io.Writer, c Compression) (*MemberWriter, error) {
	m := &MemberWriter{out: &valve{w: w}}
	switch c {
	case Zstd:
		var err error
		if m.zstd, err = compress(m.out); err != nil {
			return nil, fmt.Errorf("stream: zstd: %w", err)
		}
		m.tar = tar.NewWriter(m.zstd)
	case None:
		m.tar = tar.NewWriter(m.out)
	default:
		panic("stream: unknown compression")
	}
	return m, nil
}

// compress returns an encoder whose output does not depend on the number of its goroutines: with two or more it cuts its
// input into jobs of four windows, here 1 MiB. (With one it cuts otherwise.) The window is far below the 8 MiB that
// every decoder has to accept, because a longer one compresses fields no better. What compresses them at all is entropy
// coding of all literals: it finds the bytes with the exponents.
func compress(w io.Writer) (*zstd.Encoder, error) {
	return zstd.NewWriter(w,
		zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithAllLitEntropyCompression(true),
		zstd.WithWindowSize(256<<10),
		zstd.WithConcurrentBlocks(true),
		zstd.WithEncoderConcurrency(encoders()),
		zstd.WithEncoderCRC(true))
}

// Bytes that compressing takes at most, of which writerMemory is taken for granted.
const (
	encoderMemory  = 5 << 20 // for each goroutine
	encodersMemory = 9 << 20 // for all of them together: their input and output
	writerMemory   = 6 << 20
)

// encoders is the number of goroutines that compress: one for each processor, fewer if the process is limited to little
// memory, at least two.
func encoders() int {
	limit := debug.SetMemoryLimit(-1) // -1 only asks
	return min(max(2, int(min(int64(runtime.GOMAXPROCS(0)), limit/(12*encoderMemory)))), 8)
}

// WriterMemory is the number of bytes of memory that it takes at most to write a compressed stream of size bytes, besides
// some MB, which are those of a small one.
func WriterMemory(size int64) int64 {
	return min(encodersMemory-writerMemory+int64(encoders())*encoderMemory, 3*size)
}

// Write writes a member.
func (m *MemberWriter) Write(name string, data []byte) error {
	return m.write(name, int64(len(data)), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteArray writes an array of float32 as a member. Its elements come in C order, in pieces of any length, so that a
// large array need not be held; one that is held is the only piece: slices.Values([][]float32{data}). A piece may be
// overwritten when the next one is asked for. Too many or too few elements for the shape are the caller's mistake.
func (m *MemberWriter) WriteArray(name string, shape []int, pieces iter.Seq[[]float32]) error {
	return m.write(name, arraySize(npy.Float32, shape), func(w io.Writer) error {
		if err := npy.WriteHeader(w, npy.Float32, shape); err != nil {
			return err
		}
		left := dims.Count(shape)
		for piece := range pieces {
			if left -= len(piece); left < 0 {
				break
			}
			if err := npy.WriteElements(w, npy.Float32, piece); err != nil {
				return err
			}
		}
		if left != 0 {
			panic("stream: length mismatch")
		}
		return nil
	})
}

// write writes a member of size bytes, which fill writes.
func (m *MemberWriter) write(name string, size int64, fill func(io.Writer) error) error {
	if m.err != nil {
		return m.err
	}
	err := m.header(name, size)
	if err == nil {
		err = fill(m.tar)
	}
	if err == nil {
		err = m.tar.Flush() // pads the member, and fails if it is too short
	}
	if err != nil {
		m.stop(fmt.Errorf("stream: member %s: %w", quoted(name), err))
	}
	return m.err
}

// header writes the header of a member.
func (m *MemberWriter) header(name string, size int64) error {
	clean, err := cleanName(name)
	if err != nil {
		return err
	}
	if clean != name {
		return fmt.Errorf("name should be written %s", quoted(clean))
	}
	if size > MaxMember {
		return fmt.Errorf("%d bytes, a tar holds %d at most", size, int64(MaxMember))
	}
	if isText(name) && size > maxText {
		return fmt.Errorf("%d bytes, the limit is %d", size, int64(maxText))
	}
	return m.tar.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg,
		Name:     name,
		Size:     size,
		Mode:     0o644,
		ModTime:  time.Unix(0, 0),
		Format:   tar.FormatUSTAR,
	})
}

// stop remembers the first error and ends the encoder's goroutines. What they still hold is not written, so the stream
// remains cut.
func (m *MemberWriter) stop(err error) {
	m.err = err
	m.out.shut.Store(true)
	if m.zstd != nil {
		m.zstd.Close()
	}
}

// Close writes the end of the stream, unless a write has failed. It does not close the underlying writer.
func (m *MemberWriter) Close() error {
	if m.err != nil {
		return m.err
	}
	err := m.tar.Close()
	if err == nil && m.zstd != nil {
		err = m.zstd.Close()
	}
	if err != nil {
		m.stop(fmt.Errorf("stream: %w", err))
		return m.err
	}
	m.err = errClosed
	return nil
}

var errClosed = errors.New("stream: write after Close")
