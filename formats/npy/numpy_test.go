package npy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
)

// TestNumPyReadsOurs writes arrays and lets numpy.load say what they are: type, shape, the elements' bits, whether the
// header is numpy.save's, and whether it can be mapped.
func TestNumPyReadsOurs(t *testing.T) {
	dir := t.TempDir()
	shapes := [][]int{{}, {0}, {1}, {7}, {0, 3}, {3, 0}, {2, 3, 4}, {1, 2, 1, 3}, {2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}
	type array struct {
		Name, DType string
		Shape       []int
		Values      []float64
	}
	var arrays []array
	for i, shape := range shapes {
		for _, dtype := range []npy.DType{npy.Float16, npy.Float32, npy.Float64, npy.Int64} {
			n := 1
			for _, size := range shape {
				n *= size
			}
			a := array{fmt.Sprintf("%d_%s.npy", i, dtype), dtype.String(), shape, make([]float64, n)}
			singles, integers := make([]float32, n), make([]int64, n)
			for k := range n {
				v := (k - 5) * 3
				singles[k], integers[k], a.Values[k] = float32(v)/4, int64(v), float64(v)/4
				if dtype == npy.Int64 {
					a.Values[k] = float64(v)
				}
			}
			var b bytes.Buffer
			var err error
			if dtype == npy.Int64 {
				err = npy.WriteInt64(&b, shape, integers)
			} else {
				err = npy.WriteAs(&b, dtype, shape, singles)
			}
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, a.Name), b.Bytes(), 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
			arrays = append(arrays, a)
		}
	}
	list, err := json.Marshal(arrays)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "list.json"), list, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	out := golden.NumPy(t, dir, nil, `
import io, json, numpy as np
for a in json.load(open("list.json")):
    got = np.load(a["Name"])
    want = np.array(a["Values"], "<" + a["DType"]).reshape(a["Shape"])
    assert got.dtype == want.dtype and got.shape == want.shape and got.tobytes() == want.tobytes(), a
    if want.size:
        mapped = np.load(a["Name"], mmap_mode="r")
        assert mapped.offset % 64 == 0 and mapped.tobytes() == want.tobytes(), a
    f = io.BytesIO()
    np.save(f, want)
    assert f.getvalue() == open(a["Name"], "rb").read(), (a["Name"], f.getvalue())
    print(a["Name"])
`)
	if lines := strings.Count(string(out), "\n"); lines != len(arrays) || lines == 0 {
		t.Errorf("NumPy checked %d of %d arrays", lines, len(arrays))
	}
}

// TestReadsNumPy reads what NumPy writes, in every type, order of bytes, order of elements and version, with values
// at the ends of each type's range.
func TestReadsNumPy(t *testing.T) {
	dir := t.TempDir()
	out := golden.NumPy(t, dir, nil, `
import json, numpy as np
from numpy.lib import format
n = 0
for kind in "b1 u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8".split():
    d = np.dtype(kind)
    if kind == "b1": ends = [True, False]
    elif d.kind == "f": ends = [np.finfo(d).max if kind != "f8" else 1.25e38, np.finfo(d).tiny, 0.1, -2.5]
    else: ends = [np.iinfo(d).min, min(np.iinfo(d).max, 2**63 - 1), 7]
    for shape in [(), (1,), (5,), (2, 3), (3, 2, 4), (0, 2), (2, 0)]:
        size = int(np.prod(shape))
        a = np.resize(np.array(ends, d), size).reshape(shape)
        for order in "<>":
            for layout in "CF":
                for version in (1, 2, 3):
                    b = np.array(a, d.newbyteorder(order), order=layout)
                    with open("%d.npy" % n, "wb") as f: format.write_array(f, b, version=(version, 0))
                    print(json.dumps({"Shape": shape, "DType": kind, "Float": [float(np.float32(v)).hex() for v in a.ravel()],
                        "Int": [str(int(v)) for v in a.ravel()] if d.kind != "f" else None}))
                    n += 1
`)
	d := json.NewDecoder(bytes.NewReader(out))
	n := 0
	for ; d.More(); n++ {
		var want struct {
			Shape      []int
			DType      string
			Float, Int []string
		}
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		f, err := npy.Open(filepath.Join(dir, fmt.Sprintf("%d.npy", n)))
		if err != nil {
			t.Errorf("%d.npy: %v", n, err)
			continue
		}
		if f.DType.String() != want.DType || !reflect.DeepEqual(f.Shape, want.Shape) {
			t.Errorf("%d.npy: %s %v, want %s %v", n, f.DType, f.Shape, want.DType, want.Shape)
		}
		x, err := f.Float32()
		if err != nil || len(x) != len(want.Float) {
			t.Fatalf("%d.npy: %d elements, want %d, error %v", n, len(x), len(want.Float), err)
		}
		for i, v := range x {
			var w float64
			if _, err := fmt.Sscanf(want.Float[i], "%g", &w); err != nil {
				t.Fatal(err)
			}
			if math.Float32bits(v) != math.Float32bits(float32(w)) {
				t.Errorf("%d.npy (%s %v): element %d is %g, want %g", n, want.DType, want.Shape, i, v, w)
			}
		}
		if want.Int != nil {
			v, err := f.Int64()
			if err != nil || fmt.Sprint(v) != "["+strings.Join(want.Int, " ")+"]" {
				t.Errorf("%d.npy: as integers %v, %v, want %v", n, v, err, want.Int)
			}
		}
		f.Close()
	}
	if n != 12*7*2*2*3 {
		t.Errorf("NumPy wrote %d arrays", n)
	}
}

// TestReadsNumPyArchives reads numpy.savez and savez_compressed.
func TestReadsNumPyArchives(t *testing.T) {
	dir := t.TempDir()
	golden.NumPy(t, dir, nil, `
import numpy as np
x = np.arange(100000, dtype=np.float32).reshape(100, 1000)
np.savez("stored.npz", x=x, y=np.arange(3, dtype=np.uint8))
np.savez_compressed("deflated.npz", x=np.asfortranarray(x), y=np.arange(3, dtype=np.uint8))
`)
	for _, name := range []string{"stored.npz", "deflated.npz"} {
		x, shape, y := readXY(t, filepath.Join(dir, name))
		if !reflect.DeepEqual(shape, []int{100, 1000}) {
			t.Fatalf("%s: x has shape %v", name, shape)
		}
		for i, v := range x {
			if v != float32(i) {
				t.Fatalf("%s: element %d is %g", name, i, v)
			}
		}
		if !reflect.DeepEqual(y, []int64{0, 1, 2}) {
			t.Errorf("%s: y is %v", name, y)
		}
	}
}

// TestHeadersAsNumPy: headers that programs other than NumPy write, and some that nobody should, are read exactly if
// numpy.load reads them.
func TestHeadersAsNumPy(t *testing.T) {
	const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
	headers := []string{
		plain + "\n", plain, plain + "   ", plain + "\t", plain + "\r\n", plain + "\n\n", " " + plain, "\t" + plain, plain + "\x00", plain + "x", plain + "}",
		"{'descr':'<f4','fortran_order':False,'shape':(3,),}", // gonpy
		"{'descr': '<f4',\n'fortran_order': False,\n'shape': (3,)}", "{\t'descr'\t:\t'<f4', 'fortran_order':\fFalse, 'shape': (\r\n3,)}\n",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (3)}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': 3}\n",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (3,", "{'descr': '<f4', 'fortran_order': False}", "",
	}
	dir := t.TempDir()
	var ours string
	for i, header := range headers {
		b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), 0)
		b = append(append(b, header...), make([]byte, 12)...)
		name := filepath.Join(dir, fmt.Sprintf("%d.npy", i))
		if err := os.WriteFile(name, b, 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := npy.Open(name)
		ours += fmt.Sprintf("%q %v\n", header, err == nil)
		if err == nil {
			f.Close()
		}
	}
	list, err := json.Marshal(headers)
	if err != nil {
		t.Fatal(err)
	}
	read := string(golden.NumPy(t, dir, list, `
import json, sys, numpy as np
for i in range(len(json.load(sys.stdin))):
    try: print(np.load("%d.npy" % i).shape == (3,))
    except Exception: print(False)
`))
	var numpys string
	for i, verdict := range strings.Fields(read) {
		numpys += fmt.Sprintf("%q %s\n", headers[i], strings.ToLower(verdict))
	}
	if ours != numpys {
		t.Errorf("read are\n%sNumPy reads\n%s", ours, numpys)
	}
}
