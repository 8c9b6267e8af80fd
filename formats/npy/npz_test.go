package npy

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

type member struct {
	name   string
	method uint16
	data   []byte
}

func zipped(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: m.method})
		if err == nil {
			_, err = w.Write(m.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readNPZ(b []byte, limit int64) (map[string]*Array, error) {
	return ReadNPZ(bytes.NewReader(b), int64(len(b)), limit)
}

func TestReadNPZ(t *testing.T) {
	one, _ := ramp(t, 1)
	many, want := ramp(t, 300000) // more than one step
	b := zipped(t, member{"x.npy", zip.Deflate, many}, member{"folder/y.npy", zip.Store, one}, member{"note.txt", zip.Store, []byte("hello")})
	arrays, err := readNPZ(b, 4*300001)
	if err != nil {
		t.Fatal(err)
	}
	if len(arrays) != 2 || arrays["folder/y"] == nil || arrays["x"] == nil {
		t.Fatalf("got %v", arrays)
	}
	if got, err := arrays["x"].Float32(); err != nil || !slices.Equal(got, want) {
		t.Errorf("x: other elements, error %v", err)
	}
	if _, err := readNPZ(b, 4*300001-1); !errors.Is(err, ErrTooLarge) || err.Error() != `npz: member "folder/y.npy": npy: shape (1,) needs 4 bytes, more than the limit of 3` {
		t.Errorf("one byte less than both need: %v", err)
	}
}

func TestReadNPZRefuses(t *testing.T) {
	one, _ := ramp(t, 1)
	encrypted := zipped(t, member{"x.npy", zip.Store, one})
	encrypted[6] |= 1
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	unknown := zipped(t, member{"x.npy", zip.Store, one})
	unknown[bytes.Index(unknown, []byte("PK\x01\x02"))+10] = 99
	for _, c := range []struct {
		what    string
		content []byte
		want    string
		kind    error
	}{
		{"same name twice", zipped(t, member{"x.npy", 0, one}, member{"x.npy", 0, one}), `npz: member "x.npy" is there twice`, ErrFormat},
		{"no array", zipped(t, member{"x.npy", 0, []byte("\x00\x01\x02\x03\x04\x05")}), `npz: member "x.npy": npy: starts with "\x00\x01\x02\x03\x04\x05", not with "\x93NUMPY"`, ErrFormat},
		{"empty member", zipped(t, member{"x.npy", 0, nil}), `npz: member "x.npy": npy: header ends after 0 of 10 bytes`, io.ErrUnexpectedEOF},
		{"cut member", zipped(t, member{"x.npy", zip.Deflate, one[:130]}), `npz: member "x.npy": npy: data ends after 2 of 4 bytes`, io.ErrUnexpectedEOF},
		{"long member", zipped(t, member{"x.npy", zip.Deflate, append(bytes.Clone(one), 0)}), `npz: member "x.npy": npy: 1 bytes or more follow the array`, ErrFormat},
		{"encrypted", encrypted, `npz: member "x.npy" is encrypted`, ErrFormat},
		{"unknown method", unknown, `npz: member "x.npy": zip: unsupported compression algorithm`, ErrFormat},
		{"no zip", []byte("PK\x03\x04"), "npz: no zip directory at the end of 4 bytes; cut short?", io.ErrUnexpectedEOF},
	} {
		if _, err := readNPZ(c.content, 1<<20); text(err) != c.want || !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
}

// TestReadNPZDamaged cuts an archive at every byte and flips every byte of it: an error, or the same arrays.
func TestReadNPZDamaged(t *testing.T) {
	content, want := ramp(t, 20)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		whole := zipped(t, member{"x.npy", method, content})
		for n := range whole {
			if _, err := readNPZ(whole[:n], 1<<20); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("method %d, cut after %d bytes: %v", method, n, err)
			}
			flipped := bytes.Clone(whole)
			flipped[n] ^= 0x10
			arrays, err := readNPZ(flipped, 1<<20)
			if err != nil || arrays["x"] == nil { // its name is not protected by a checksum
				continue
			}
			if got, err := arrays["x"].Float32(); err != nil || !slices.Equal(got, want) {
				t.Errorf("method %d, byte %d flipped: other elements %v, %v", method, n, got, err)
			}
		}
	}
}
