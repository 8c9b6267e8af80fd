package npy

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestAlike(t *testing.T) {
	for _, test := range []struct {
		dtype DType
		bits  []uint64
		want  [2]int
		found bool
	}{
		{dtype: Int64, bits: []uint64{1 << 53, 1<<53 - 1, 1<<53 + 2, 1 << 53}},
		{dtype: Int64, bits: []uint64{5, 1<<53 + 1, 7, 1 << 53}, want: [2]int{1, 3}, found: true},
		{dtype: Int64, bits: []uint64{1 << 63, 1<<63 + 1}, want: [2]int{0, 1}, found: true},
		{dtype: Int64, bits: []uint64{1 << 63, 1<<63 - 1}}, // the ends of the range
		{dtype: Uint64, bits: []uint64{1<<64 - 1, 1 << 63, 1<<64 - 2}, want: [2]int{0, 2}, found: true},
		{dtype: Uint64, bits: []uint64{1 << 63, 1<<63 - 4096, 0}},
		{dtype: Float64, bits: []uint64{1 << 62, 1<<62 + 1}},
	} {
		var b bytes.Buffer
		if err := WriteHeader(&b, test.dtype, []int{len(test.bits)}); err != nil {
			t.Fatal(err)
		}
		binary.Write(&b, binary.LittleEndian, test.bits)
		a, err := Read(&b, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if i, j, found := a.Alike(); found != test.found || [2]int{i, j} != test.want {
			t.Errorf("%v %v: got %d, %d, %v", test.dtype, test.bits, i, j, found)
		}
	}
}
