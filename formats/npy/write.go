package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"backdrop/lib/dims"
)

// WriteHeader writes the header of an array. The caller writes its elements, little-endian and in C order. The bytes are
// those of numpy.save: version 1.0, which suffices for 64 dimensions, padded to a multiple of 64 bytes so that mapped
// elements are aligned, and with room for the first size to be replaced by any other.
func WriteHeader(w io.Writer, t DType, shape []int) error {
	if len(shape) > maxDims {
		panic("npy: more than 64 dimensions")
	}
	for _, n := range shape {
		if n < 0 {
			panic("npy: negative size")
		}
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", t.descr(), shapeText(shape))
	if len(shape) > 0 {
		text += strings.Repeat(" ", 21-len(strconv.Itoa(shape[0])))
	}
	const prefix = len(magic) + 4
	text += strings.Repeat(" ", 64-(prefix+len(text)+1)%64) + "\n"
	b := append(make([]byte, 0, prefix+len(text)), magic+"\x01\x00"...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	_, err := w.Write(append(b, text...))
	return err
}

// WriteFloat32 writes an array of float32.
func WriteFloat32(w io.Writer, shape []int, data []float32) error {
	return WriteAs(w, Float32, shape, data)
}

// WriteInt64 writes an array of int64.
func WriteInt64(w io.Writer, shape []int, data []int64) error {
	if len(data) != dims.Count(shape) {
		panic("npy: length mismatch")
	}
	if err := WriteHeader(w, Int64, shape); err != nil {
		return err
	}
	return writeBulk(w, data)
}

// WriteAs writes an array of type Float16, Float32 or Float64. A Float16 is rounded to the nearest, ties to even. If a
// finite element would become infinite, that is an error.
func WriteAs(w io.Writer, t DType, shape []int, data []float32) error {
	if len(data) != dims.Count(shape) {
		panic("npy: length mismatch")
	}
	checkFloat(t)
	if err := WriteHeader(w, t, shape); err != nil {
		return err
	}
	return WriteElements(w, t, data)
}

// WriteElements writes some elements of an array like WriteAs, without a header.
func WriteElements(w io.Writer, t DType, data []float32) error {
	return WriteElementsFrom(w, t, data, 0)
}

// WriteElementsFrom is WriteElements for elements of which errors count the first as number first.
func WriteElementsFrom(w io.Writer, t DType, data []float32, first int) error {
	checkFloat(t)
	if t == Float32 {
		return writeBulk(w, data)
	}
	const chunk = 8 << 10 // elements converted between two writes
	buf := make([]byte, 0, min(len(data), chunk)*t.Size())
	for at := 0; at < len(data); at += chunk {
		buf = buf[:0]
		for i, v := range data[at:min(at+chunk, len(data))] {
			if t == Float64 {
				buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(float64(v)))
				continue
			}
			half := float32ToHalf(v)
			if half&0x7fff == 0x7c00 && !math.IsInf(float64(v), 0) {
				return fmt.Errorf("npy: element %d is %g, beyond the range of f2 (65504); write f4", first+at+i, v)
			}
			buf = binary.LittleEndian.AppendUint16(buf, half)
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// checkFloat panics unless the type is one of WriteAs.
func checkFloat(t DType) {
	if t != Float16 && t != Float32 && t != Float64 {
		panic("npy: floats are written as floats")
	}
}

// writeBulk writes elements without converting them, if the machine is little-endian.
func writeBulk[T float32 | int64](w io.Writer, data []T) error {
	if len(data) == 0 {
		return nil
	}
	if littleEndian {
		_, err := w.Write(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), len(data)*int(unsafe.Sizeof(data[0]))))
		return err
	}
	return binary.Write(w, binary.LittleEndian, data)
}

// Write writes an array with its own type, bit for bit, in C order and little-endian.
func Write(w io.Writer, a *Array) error {
	a.wantNumbers()
	if err := WriteHeader(w, a.DType, a.Shape); err != nil {
		return err
	}
	size := a.DType.Size()
	if a.stride == nil && a.in == nil && (!a.bigEndian || size == 1) {
		_, err := w.Write(a.raw)
		return err
	}
	const chunk = 8 << 10
	buf := make([]byte, 0, min(a.Len(), chunk)*size)
	return a.runs(func(_, n int, src []byte, step int) error {
		for from := 0; from < n; from += chunk {
			buf = buf[:0]
			for i := from; i < min(from+chunk, n); i++ {
				buf = append(buf, src[i*step:i*step+size]...)
				if a.bigEndian {
					slices.Reverse(buf[len(buf)-size:])
				}
			}
			if _, err := w.Write(buf); err != nil {
				return err
			}
		}
		return nil
	})
}
