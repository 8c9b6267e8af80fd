package hostile

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// NPY returns a .npy file (NEP 1, version 1.0). Type and shape are as Python writes them.
func NPY(descr, shape, elements string) string {
	text := fmt.Sprintf("{'descr': %s, 'fortran_order': False, 'shape': %s, }", descr, shape)
	text += strings.Repeat(" ", 63-(10+len(text))&63) + "\n"
	return "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, uint16(len(text)))) + text + elements
}
