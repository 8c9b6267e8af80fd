package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// arrayText returns a file with that header, right or wrong, and those bytes after it.
func arrayText(version byte, header, data string) string {
	b := append([]byte(magic), version, 0)
	if version == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	}
	return string(b) + header + data
}

func TestReadHeaderForms(t *testing.T) {
	for _, text := range []string{
		"{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }\n",
		"{'shape': (2, 3), 'fortran_order': False, 'descr': '<i2'}   \n",
		`{"fortran_order":False,"descr":"<i2","shape":(2,3,)}` + "\n",
		"  { 'descr' : '<i2' , 'fortran_order' : False , 'shape' : ( 2 , 3 ) , }\n",
		"{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 3L), }\n", // Python 2
		"{'descr': '<i2', 'fortran_order': False, 'shape': (2,3,),}     ", // gonpy
		"{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }",     // NPZ.jl, where nothing is left to pad
		"{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3)}\r\n\t\n",
		"\t{'descr': '<i2',\n 'fortran_order': False,\n 'shape': (2,\n3)}\n",
	} {
		for version := byte(1); version <= 3; version++ {
			a, err := Read(strings.NewReader(arrayText(version, text, "abcdefghijkl")), 12)
			if err != nil {
				t.Errorf("version %d, %q: %v", version, text, err)
				continue
			}
			if a.DType != Int16 || !reflect.DeepEqual(a.Shape, []int{2, 3}) {
				t.Errorf("version %d, %q: %s of shape %v", version, text, a.DType, a.Shape)
			}
		}
	}
}

func TestReadRefusesHeaders(t *testing.T) {
	const rest = ", 'fortran_order': False}\n"
	for _, c := range []struct{ header, want string }{
		{"", `npy: header: want { at byte 0, found ""`},
		{"\n", `npy: header: want { at byte 0, found ""`},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}\x00", `npy: header: want nothing but spaces at byte 55, found "\x00"`},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} x\n", `npy: header: want nothing but spaces at byte 56, found "x"`},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)\n", `npy: header: want } at byte 54, found ""`},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)", `npy: header: want } at byte 54, found ""`},
		{"{'descr': '<f4', 'fortran_order': False}\n", `npy: header lacks the key "shape"`},
		{"{}\n", `npy: header lacks the key "descr"`},
		{"{'descr': '<f4', 'shape': (3,), 'shape': (4,)" + rest, `npy: header has the key "shape" twice`},
		{"{'descr': '<f4', 'shape': (3,), 'align': True" + rest, `npy: header has the key "align", which is none of descr, fortran_order and shape`},
		{"{'descr': '<f4', 'shape': (3,), 'fortran_order': 0}\n", `npy: header: want False at byte 49, found "0}"`},
		{"{'descr': '<f4', 'shape': 3" + rest, `npy: header: want ( at byte 26, found "3, 'fortran_"`},
		{"{'descr': '<f4', 'shape': (3)" + rest, `npy: header: want a tuple at byte 29, found ", 'fortran_o"`},
		{"{'descr': '<f4', 'shape': (-3,)" + rest, `npy: header: want a size at byte 27, found "-3,), 'fortr"`},
		{"{'descr': '<f4', 'shape': (3.5,)" + rest, `npy: header: want ) at byte 28, found ".5,), 'fortr"`},
		{"{'descr': '<f4', 'shape': (03,)" + rest, `npy: header: want a size at byte 27, found "03,), 'fortr"`},
		{"{'descr': '<f4', 'shape': (,)" + rest, `npy: header: want a size at byte 27, found ",), 'fortran"`},
		{"{'descr': '<f4', 'shape': (9223372036854775808,)" + rest, `npy: header: want a size at byte 27, found "922337203685"`},
		{"{'descr': [('a', '<f4')], 'shape': (3,)" + rest, "npy: header: descr is not the name of a plain type"},
		{"{'descr': '<f4, 'shape': (3,)" + rest, `npy: dtype "<f4, " is not supported; convert the array with astype('<f4') or another plain type`},
		{"{'descr': '|O', 'shape': (3,)" + rest, `npy: dtype "|O" is Python objects, which are not read; convert the array with astype('<f4') or, to text, with astype(str)`},
		{"{'descr': 'f4', 'shape': (3,)" + rest, `npy: dtype "f4" is not supported; convert the array with astype('<f4') or another plain type`},
		{"{'descr': '|f4', 'shape': (3,)" + rest, `npy: dtype "|f4" is not supported; convert the array with astype('<f4') or another plain type`},
		{"{'descr': '', 'shape': (3,)" + rest, `npy: dtype "" is not supported; convert the array with astype('<f4') or another plain type`},
		{"{'descr': '<c8', 'shape': (3,)" + rest, `npy: dtype "<c8" is not supported; convert the array with astype('<f4') or another plain type`},
		{"{'descr': '<f4', 'shape': (" + strings.Repeat("1, ", 65) + ")" + rest, "npy: 65 dimensions, more than the limit of 64"},
	} {
		_, err := Read(strings.NewReader(arrayText(1, c.header, strings.Repeat("\x00", 400))), 400)
		if err == nil || err.Error() != c.want || !errors.Is(err, ErrFormat) {
			t.Errorf("header %q:\n got %v\nwant %s", c.header, err, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"\x00\x01\x02\x03\x04\x05\x06", `npy: starts with "\x00\x01\x02\x03\x04\x05", not with "\x93NUMPY"`},
		{"\x93NUMPX\x01\x00", `npy: starts with "\x93NUMPX", not with "\x93NUMPY"`},
		{"1\n", `npy: this is text, not an array; NumPy makes one with np.save("a.npy", np.loadtxt("a.txt")), with delimiter="," for CSV, skiprows=1 for a heading, usecols=1 for the second column alone, dtype=str for words`},
		{"PK\x03\x04 and so on", `npy: this is a zip archive (.npz or .pt?), not an array; NumPy makes one with np.save("a.npy", np.load("a.npz")["NAME"])`},
		{"\x1f\x8b\x08\x00\x00\x00", `npy: this is gzip data, not an array; decompress it first with gzip -dc`},
		{"version https://git-lfs.github.com/spec/v1\n", `npy: this is a Git LFS pointer, not an array; git lfs pull puts the file in its place`},
		{"RIFF\x00\x01\x00\x00WEBPVP8 ", `npy: this is a WebP picture, not an array`},
		{magic + "\x01\x01\x00\x00", "npy: version 1.1 is not one of 1.0, 2.0 and 3.0"},
		{magic + "\x04\x00\x00\x00", "npy: version 4.0 is not one of 1.0, 2.0 and 3.0"},
	} {
		if _, err := Read(strings.NewReader(c.text), 400); err == nil || err.Error() != c.want || !errors.Is(err, ErrFormat) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

// TestReadRefusesClaims reads the published attacks on readers of this format: a short header that asks for gigabytes,
// shapes whose product wraps round (https://github.com/llohse/libnpy/issues/44).
func TestReadRefusesClaims(t *testing.T) {
	header := func(shape string) string {
		return arrayText(1, "{'descr': '<f4', 'fortran_order': False, 'shape': "+shape+", }\n", "some bytes")
	}
	const limit = 1 << 30
	for _, c := range []struct{ text, want string }{
		{arrayText(2, "", "")[:8] + "\xff\xff\xff\xff", "npy: header of 4294967295 bytes, more than the limit of 65536"},
		{header("(1000000, 1000000)"), "npy: shape (1000000, 1000000) needs 4000000000000 bytes, more than the limit of 1073741824"},
		{header("(268435457,)"), "npy: shape (268435457,) needs 1073741828 bytes, more than the limit of 1073741824"},
		{header("(4294967296, 4294967296)"), "npy: shape (4294967296, 4294967296) needs more than 9223372036854775807 bytes"},
		{header("(4294967296, 4294967296, 0)"), "npy: shape (4294967296, 4294967296, 0) needs more than 9223372036854775807 bytes"},
		{header("(2305843009213693952,)"), "npy: shape (2305843009213693952,) needs more than 9223372036854775807 bytes"},
	} {
		_, err := Read(strings.NewReader(c.text), limit)
		if err == nil || err.Error() != c.want || !errors.Is(err, ErrTooLarge) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(strings.NewReader(header("(268435456,)")), limit) // within the limit, but not there
	runtime.ReadMemStats(&after)
	if err == nil || err.Error() != "npy: data ends after 10 of 1073741824 bytes" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a claim of 1 GiB: %v", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 2*step {
		t.Errorf("a claim of 1 GiB backed by 10 bytes allocated %d bytes", used)
	}
}

func TestReadLimitIsExact(t *testing.T) {
	var b bytes.Buffer
	if err := WriteFloat32(&b, []int{3}, []float32{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(bytes.NewReader(b.Bytes()), 12); err != nil {
		t.Errorf("12 bytes with limit 12: %v", err)
	}
	if _, err := Read(bytes.NewReader(b.Bytes()), 11); !errors.Is(err, ErrTooLarge) {
		t.Errorf("12 bytes with limit 11: %v", err)
	}
}
