// Package forms is for tests only: it writes arrays of every type, byte order and order of elements, and tars of them.
package forms

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"backdrop/lib/dims"
)

// DTypes are NumPy's names of the types of samples, in both byte orders.
var DTypes = []string{"<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "|u1", "|i1", "<u2", ">u2", "<i2", ">i2", "<i4", ">u4", "<i8", ">u8", "|b1"}

// NPY returns a .npy file of a type with the values, which are small whole numbers in C order. The file has them in C order or in
// Fortran order.
func NPY(descr string, fortran bool, shape []int, values []float32) []byte {
	sizes := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(shape)), ", "), "[]")
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': (%s,), }\n", descr, map[bool]string{true: "True", false: "False"}[fortran], sizes)
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	b = append(b, header...)
	for n := range values {
		at := n
		if fortran {
			at = 0
			for i, rest := 0, n; i < len(shape); i++ {
				at += rest % shape[i] * dims.Count(shape[i+1:])
				rest /= shape[i]
			}
		}
		b = append(b, element(descr, values[at])...)
	}
	return b
}

// element is a value as an array of a type has it.
func element(descr string, v float32) []byte {
	bits := math.Float32bits(v)
	word := uint64(int64(v))
	switch descr[1:] {
	case "f2":
		if word = 0; v > 0 {
			word = uint64((bits>>23-127+15)<<10 | bits>>13&0x3ff)
		}
	case "f4":
		word = uint64(bits)
	case "f8":
		word = math.Float64bits(float64(v))
	}
	part := binary.LittleEndian.AppendUint64(nil, word)[:descr[2]-'0']
	if descr[0] == '>' {
		slices.Reverse(part)
	}
	return part
}

// Moved returns values of a shape with the first axis behind the last, and the shape that they have then.
func Moved(shape []int, values []float32) ([]int, []float32) {
	first, rest := shape[0], dims.Count(shape[1:])
	moved := make([]float32, len(values))
	for i, v := range values {
		moved[i%rest*first+i/rest] = v
	}
	return append(slices.Clone(shape[1:]), first), moved
}

// Tar packs members: name, content, name, content, …
func Tar(format tar.Format, members ...string) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		err := w.WriteHeader(&tar.Header{Name: members[i], Mode: 0o644, Size: int64(len(members[i+1])), Format: format, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = w.Write([]byte(members[i+1]))
		}
		if err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
