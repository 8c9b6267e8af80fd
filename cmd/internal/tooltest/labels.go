package tooltest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"
)

// labels FILE DESCR SHAPE VALUE… writes an array of numbers or texts with NumPy's dtype DESCR, such as <i8 or <U3. The
// values are repeated as often as needed.
func labels(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: labels FILE DESCR SHAPE VALUE…")
	}
	n, shape := 1, ""
	for _, size := range strings.Split(args[2], ",") {
		k, err := strconv.Atoi(size)
		ts.Check(err)
		n, shape = n*k, shape+size+", "
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n", args[1], shape)
	b := bytes.NewBufferString("\x93NUMPY\x01\x00")
	b.Write([]byte{byte(len(header)), 0})
	b.WriteString(header)
	for i := range n {
		element, err := element(args[1], args[3+i%(len(args)-3)])
		ts.Check(err)
		b.Write(element)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// element returns a number or a text as an array of type descr stores it.
func element(descr, value string) ([]byte, error) {
	var order binary.AppendByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	width, err := strconv.Atoi(descr[2:])
	if err != nil {
		return nil, err
	}
	var b []byte
	switch descr[1] {
	case 'S':
		b = append(b, value...)
	case 'U':
		width *= 4
		for _, r := range value {
			b = order.AppendUint32(b, uint32(r))
		}
	case 'f':
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, err
		}
		if width == 4 {
			return order.AppendUint32(nil, math.Float32bits(float32(v))), nil
		}
		return order.AppendUint64(nil, math.Float64bits(v)), nil
	default:
		v, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, err
		}
		b = order.AppendUint64(nil, uint64(v))
		if order == binary.BigEndian {
			return b[8-width:], nil
		}
		return b[:width], nil
	}
	if len(b) > width || !utf8.ValidString(value) {
		return nil, fmt.Errorf("%q is no %s", value, descr)
	}
	return append(b, make([]byte, width-len(b))...), nil
}
