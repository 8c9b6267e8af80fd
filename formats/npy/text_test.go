package npy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

// TestNumPyTexts reads texts that NumPy wrote, and compares them with what Python reads.
func TestNumPyTexts(t *testing.T) {
	dir := t.TempDir()
	out := golden.NumPy(t, dir, nil, `
import json, numpy as np
words = ["malignant", "", "Füchse", "銀河", "a b ", "𝄞", "benign"]
arrays = {
    "u": np.array(words), "big": np.array(words).astype(">U9"), "wide": np.array(words, dtype="U30"), "one": np.array(words[:1]),
    "column": np.array(words).reshape(-1, 1), "row": np.asfortranarray(np.array(words).reshape(1, -1)),
    "bytes": np.array([w.encode() for w in words]), "zero": np.array([b"a\0b", b"\0", b"c"]), "none": np.array([], dtype="U3"),
    "table": np.asfortranarray(np.array(words[:6]).reshape(2, 3)),
}
for name, a in arrays.items():
    np.save(name, a)
np.savez_compressed("all.npz", **arrays)
print(json.dumps({n: [list(a.shape), [w.decode() if isinstance(w, bytes) else str(w) for w in a.ravel()]] for n, a in arrays.items()}))
`)
	var want map[string][2]any
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	zip, err := os.ReadFile(filepath.Join(dir, "all.npz"))
	if err != nil {
		t.Fatal(err)
	}
	archive, err := npy.OpenArchive(bytes.NewReader(zip), int64(len(zip)))
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range want {
		file := filepath.Join(dir, name+".npy")
		f, err := npy.OpenText(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		piped, err := npy.ReadText(struct{ io.Reader }{bytes.NewReader(content)}, 1<<20)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		packed, err := archive.ReadText(name, 1<<20)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for how, a := range map[string]*npy.Array{"mapped": f.Array, "piped": piped, "packed": packed} {
			texts := []any{}
			err := a.Texts(func(i int, text []byte) error {
				if i != len(texts) {
					t.Errorf("%s, %s: text %d follows %d", name, how, i, len(texts)-1)
				}
				texts = append(texts, string(text))
				return nil
			})
			shape := []any{}
			for _, n := range a.Shape {
				shape = append(shape, float64(n))
			}
			if err != nil || !a.IsText() || !reflect.DeepEqual([2]any{shape, texts}, w) {
				t.Errorf("%s, %s: %v %q, %v, want %v", name, how, a.Shape, texts, err, w)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		_, err = npy.Open(file)
		if err == nil || !strings.Contains(err.Error(), "is not supported; convert the array with astype('<f4')") {
			t.Errorf("%s as numbers: %v", name, err)
		}
	}
}

// TestTextHeaders: functions for numbers refuse texts, and functions for texts refuse other types.
func TestTextHeaders(t *testing.T) {
	for descr, ok := range map[string]bool{
		"<U3": true, ">U3": true, "|S3": true, "<S3": true, "|U3": false, "U3": false, "S3": false, "<U0": false, "<U": false, "|S": false, "<U-1": false,
		"<U+1": false, "<U3x": false, "<V3": false, "|O": false, "<U99999999999999999999": false, "<U16777217": false, "<f4": true,
	} {
		content := hostile.NPY("'"+descr+"'", "(2,)", strings.Repeat("\x00", 24))
		if descr[1] == 'S' {
			content = content[:len(content)-18]
		} else if descr == "<f4" {
			content = content[:len(content)-16]
		}
		a, err := npy.ReadText(strings.NewReader(content), 1<<20)
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), fmt.Sprintf("dtype %q", descr)) {
			t.Errorf("%s: %v", descr, err)
		}
		if err == nil && a.IsText() == (descr == "<f4") {
			t.Errorf("%s: text is %v", descr, a.IsText())
		}
		for what, err := range map[string]error{
			"Read": second(npy.Read(strings.NewReader(content), 1<<20)), "ReadFloats": second(npy.ReadFloats(strings.NewReader(content), 1<<20)), "NewRows": second(npy.NewRows(strings.NewReader(content), 1<<20)),
		} {
			if (err == nil) != (descr == "<f4") {
				t.Errorf("%s of %s: %v", what, descr, err)
			}
		}
	}
	_, err := npy.ReadText(strings.NewReader(hostile.NPY("'<U1000'", "(1000,)", "")), 1<<20)
	if err == nil || err.Error() != "npy: shape (1000,) needs 4000000 bytes, more than the limit of 1048576" {
		t.Errorf("texts beyond the limit: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestNoCharacters: an invalid code point is an error that says which.
func TestNoCharacters(t *testing.T) {
	for data, want := range map[string]string{
		"a\x00\x00\x00\x00\xd8\x00\x00": "npy: element 1: 0xd800 is not a character",
		"\x00\x00\x11\x00a\x00\x00\x00": "npy: element 0: 0x110000 is not a character",
		"\xff\xff\xff\xffa\x00\x00\x00": "npy: element 0: 0xffffffff is not a character",
		"a\x00\x00\x00\xff\xff\x10\x00": "",
	} {
		a, err := npy.ReadText(strings.NewReader(hostile.NPY("'<U1'", "(2,)", data)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		err = a.Texts(func(int, []byte) error { return nil })
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
}

// FuzzTexts: a file is refused with one line, or it has as many texts as elements. Memory grows with the bytes that arrive.
func FuzzTexts(f *testing.F) {
	f.Add([]byte(hostile.NPY("'<U2'", "(2,)", "a\x00\x00\x00b\x00\x00\x00c\x00\x00\x00\x00\x00\x00\x00")))
	f.Add([]byte(hostile.NPY("'>U1'", "(1, 2)", "\x00\x00\x00a\x00\x00\x00b")))
	f.Add([]byte(hostile.NPY("'|S3'", "(2, 1)", "abcd\x00\x00")))
	f.Add([]byte(hostile.NPY("'<U16777216'", "(99999999,)", "abcd")))
	hostile.Seed(f, hostile.Arrays())
	f.Fuzz(func(t *testing.T, b []byte) {
		var texts []string
		var a *npy.Array
		var err error
		hostile.Cheap(t, cost(b)+8*int64(len(b)), func() {
			a, err = npy.ReadText(struct{ io.Reader }{bytes.NewReader(b)}, 1<<20)
			if err == nil && a.IsText() {
				err = a.Texts(func(_ int, text []byte) error {
					texts = append(texts, "")
					if bytes.HasSuffix(text, []byte{0}) {
						t.Fatalf("%q ends with a zero", text)
					}
					return nil
				})
			}
		})
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		if a.IsText() && len(texts) != a.Len() {
			t.Fatalf("%d texts of %v", len(texts), a.Shape)
		}
	})
}
