package npy

import (
	"io"
	"math"
	"unsafe"
)

// Rows reads an array row by row along its first axis. In C order it holds one row at a time. In Fortran order it holds
// the whole array, because the first row is complete only when nearly everything was read.
type Rows struct {
	Shape []int // of the whole array
	DType DType // of its elements

	r     io.Reader
	row   header // that an array of one row would have
	size  int64  // bytes of a row
	next  int    // number of the next row
	raw   []byte // memory that NextReusing uses again
	whole *Array // the array if it is in Fortran order, else nil
}

// NewRows reads the header of the next array in r. What Rows holds at a time may take at most limit bytes, and so may a
// row as float32.
func NewRows(r io.Reader, limit int64) (*Rows, error) {
	h, err := readNumbers(r)
	if err != nil {
		return nil, err
	}
	if len(h.shape) == 0 {
		return nil, formatError("a scalar has no rows")
	}
	if _, err := h.size(math.MaxInt64); err != nil {
		return nil, err
	}
	rows := &Rows{Shape: h.shape, DType: h.dtype, r: r, row: h}
	rows.row.shape = h.shape[1:]
	if h.shape[0] > 0 {
		if rows.size, err = rows.row.size(limit); err == nil {
			_, err = rows.row.sizeAs(Float32, limit)
		}
		if err != nil {
			return nil, err
		}
	}
	if h.fortran && len(h.shape) > 1 {
		if rows.whole, err = readArray(r, h, limit); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Next returns the next row, in new memory, and io.EOF after the last.
func (rows *Rows) Next() (*Array, error) { return rows.read(nil) }

// NextReusing is Next with memory that is used again: that of buf if buf is large enough and the row needs no conversion to
// float32, or else that of the row before, which becomes invalid.
func (rows *Rows) NextReusing(buf []float32) (*Array, error) {
	if rows.DType != Float32 || rows.row.bigEndian == littleEndian {
		row, err := rows.read(rows.raw)
		if err == nil && rows.whole == nil {
			rows.raw = row.raw
		}
		return row, err
	}
	if cap(buf) == 0 {
		return rows.read(nil)
	}
	return rows.read(unsafe.Slice((*byte)(unsafe.Pointer(&buf[:1][0])), 4*cap(buf)))
}

// Held is the number of bytes that Rows holds, besides rows that it returned.
func (rows *Rows) Held() int64 {
	if rows.whole != nil {
		return int64(len(rows.whole.raw))
	}
	return int64(cap(rows.raw))
}

// read returns the next row, in buf if that is large enough.
func (rows *Rows) read(buf []byte) (*Array, error) {
	i, n := rows.next, rows.Shape[0]
	if i == n {
		return nil, io.EOF
	}
	rows.next++
	if rows.whole != nil {
		return rows.whole.Row(i), nil
	}
	raw, err := readData(rows.r, rows.size, int64(i)*rows.size, int64(n)*rows.size, buf)
	if err != nil {
		return nil, err
	}
	return newArray(rows.row, raw), nil
}

// Whole returns the whole array instead of its rows. It may take at most limit bytes, both as it is and as float32.
func (rows *Rows) Whole(limit int64) (*Array, error) {
	if rows.next > 0 {
		panic("npy: a whole array after rows of it")
	}
	rows.next = rows.Shape[0]
	if rows.whole != nil {
		return rows.whole, nil
	}
	h := rows.row
	h.shape = rows.Shape
	if _, err := h.sizeAs(Float32, limit); err != nil {
		return nil, err
	}
	return readArray(rows.r, h, limit)
}
