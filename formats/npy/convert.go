package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"unsafe"
)

// u16 is the 16-bit word at b, in the byte order of the array.
func (a *Array) u16(b []byte) uint16 {
	if u := binary.LittleEndian.Uint16(b); !a.bigEndian {
		return u
	} else {
		return bits.ReverseBytes16(u)
	}
}

// u32 is the 32-bit word at b.
func (a *Array) u32(b []byte) uint32 {
	if u := binary.LittleEndian.Uint32(b); !a.bigEndian {
		return u
	} else {
		return bits.ReverseBytes32(u)
	}
}

// u64 is the 64-bit word at b.
func (a *Array) u64(b []byte) uint64 {
	if u := binary.LittleEndian.Uint64(b); !a.bigEndian {
		return u
	} else {
		return bits.ReverseBytes64(u)
	}
}

// toFloat32 converts a run of elements, of which the first has the number at.
func (a *Array) toFloat32(dst []float32, src []byte, step, at int) error {
	a.convert(dst, 1, src, len(dst), step)
	if a.DType != Float64 {
		return nil
	}
	for i, v := range dst {
		if math.IsInf(float64(v), 0) {
			if v := a.float(src[i*step:]); !math.IsInf(v, 0) {
				return overflow(at+i, v)
			}
		}
	}
	return nil
}

// overflow says that a float64 is beyond the range of float32.
func overflow(at int, v float64) error {
	return fmt.Errorf("npy: element %d is %g, beyond the range of float32", at, v)
}

// convert sets dst[0], dst[step], … to n elements as float32, each gap bytes behind the one before. A float64 beyond the range of
// float32 becomes infinite.
func (a *Array) convert(dst []float32, step int, src []byte, n, gap int) {
	if n == 0 {
		return
	}
	end := (n-1)*step + 1
	dst, src = dst[:end], src[:(n-1)*gap+a.DType.Size()]
	switch a.DType {
	case Float32:
		if p := unsafe.Pointer(unsafe.SliceData(src)); a.bigEndian != littleEndian && gap == 4 && uintptr(p)%4 == 0 {
			spread(dst, step, unsafe.Slice((*float32)(p), n))
			return
		}
		if a.bigEndian {
			for i, j := 0, 0; i < end; i, j = i+step, j+gap {
				dst[i] = math.Float32frombits(binary.BigEndian.Uint32(src[j:]))
			}
			return
		}
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[j:]))
		}
	case Uint8:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = float32(src[j])
		}
	case Uint16:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = float32(a.u16(src[j:]))
		}
	case Int16:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = float32(int16(a.u16(src[j:])))
		}
	case Float16:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = halfToFloat32(a.u16(src[j:]))
		}
	case Float64:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = float32(math.Float64frombits(a.u64(src[j:])))
		}
	case Uint64:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = float32(a.u64(src[j:]))
		}
	default:
		for i, j := 0, 0; i < end; i, j = i+step, j+gap {
			dst[i] = float32(a.integer(src[j:]))
		}
	}
}

// spread sets dst[0], dst[step], … to the values.
func spread(dst []float32, step int, values []float32) {
	if step == 1 {
		copy(dst, values)
		return
	}
	for i, v := range values {
		dst[i*step] = v
	}
}

// toInt64 converts a run of elements, of which the first has the number at.
func (a *Array) toInt64(dst []int64, src []byte, step, at int) error {
	switch a.DType {
	case Float16, Float32, Float64:
		for i := range dst {
			v := a.float(src[i*step:])
			if v != math.Trunc(v) || math.IsInf(v, 0) {
				return fmt.Errorf("npy: element %d is %g, not a whole number", at+i, v)
			}
			if v < -1<<63 || v >= 1<<63 {
				return fmt.Errorf("npy: element %d is %g, beyond the range of int64", at+i, v)
			}
			dst[i] = int64(v)
		}
	case Uint64:
		for i := range dst {
			u := a.u64(src[i*step:])
			if u > math.MaxInt64 {
				return fmt.Errorf("npy: element %d is %d, beyond the range of int64", at+i, u)
			}
			dst[i] = int64(u)
		}
	case Bool:
		for i := range dst {
			dst[i] = int64(min(src[i*step], 1))
		}
	case Uint8:
		for i := range dst {
			dst[i] = int64(src[i*step])
		}
	default:
		for i := range dst {
			dst[i] = a.integer(src[i*step:])
		}
	}
	return nil
}

// float is the element at b, rounded to the nearest float64.
func (a *Array) float(b []byte) float64 {
	switch a.DType {
	case Float16:
		return float64(halfToFloat32(a.u16(b)))
	case Float32:
		return float64(math.Float32frombits(a.u32(b)))
	case Float64:
		return math.Float64frombits(a.u64(b))
	case Uint64:
		return float64(a.u64(b))
	}
	return float64(a.integer(b))
}

// integer is the element at b, of a type that fits int64.
func (a *Array) integer(b []byte) int64 {
	switch a.DType {
	case Bool:
		if b[0] != 0 {
			return 1
		}
		return 0
	case Uint8:
		return int64(b[0])
	case Int8:
		return int64(int8(b[0]))
	case Uint16:
		return int64(a.u16(b))
	case Int16:
		return int64(int16(a.u16(b)))
	case Uint32:
		return int64(a.u32(b))
	case Int32:
		return int64(int32(a.u32(b)))
	default:
		return int64(a.u64(b))
	}
}

// halfToFloat32 widens an IEEE 754 binary16, exactly.
func halfToFloat32(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := uint32(h>>10)&0x1f, uint32(h)&0x3ff
	switch exponent {
	case 0: // zero or subnormal: fraction · 2⁻²⁴
		v := float32(fraction) * 0x1p-24
		return math.Float32frombits(sign | math.Float32bits(v))
	case 0x1f: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// float32ToHalf rounds to the nearest binary16, ties to even. Values from 65520 on round to infinity.
func float32ToHalf(f float32) uint16 {
	bits := math.Float32bits(f)
	sign, abs := uint16(bits>>16)&0x8000, bits&^(1<<31)
	switch {
	case abs > 0xff<<23: // NaN: keep what fits of its payload, and keep it a NaN
		return sign | 0x7e00 | uint16(abs>>13)&0x3ff
	case abs < (127-14)<<23: // below 2⁻¹⁴ the half has steps of 2⁻²⁴, which are a float32's steps between 0.5 and 1
		return sign | uint16(math.Float32bits(math.Float32frombits(abs)+0.5)-math.Float32bits(0.5))
	case abs >= (127+16)<<23:
		return sign | 0x7c00
	}
	abs -= (127 - 15) << 23
	abs += 0xfff + abs>>13&1 // half of the last bit that is kept, less one if that bit is 0
	return sign | uint16(abs>>13)
}
