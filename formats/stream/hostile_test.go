package stream

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
)

// entry builds tar archives that MemberWriter refuses to write.
type entry struct {
	name string
	data string
	flag byte  // 0: a regular file
	size int64 // claimed; 0: that of data
	gnu  bool
}

// pack lays the entries out by hand, for archive/tar writes no lies. It ends without a marker.
func pack(entries ...entry) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		h := make([]byte, blockSize)
		copy(h, e.name)
		copy(h[100:], "0000644\x000000000\x000000000\x00")
		copy(h[124:], fmt.Sprintf("%011o\x00", max(e.size, int64(len(e.data)))))
		copy(h[136:], "00000000000\x00        ")
		h[156] = e.flag
		if e.flag == 0 {
			h[156] = tar.TypeReg
		}
		copy(h[257:], "ustar\x0000")
		if e.gnu {
			copy(h[257:], "ustar  \x00")
			copy(h[483:], "00000004000\x00") // real size of a sparse file
		}
		sum := 0
		for _, c := range h {
			sum += int(c)
		}
		copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
		b.Write(h)
		b.WriteString(e.data)
		b.Write(make([]byte, -len(e.data)&(blockSize-1)))
	}
	return b.Bytes()
}

var marker = make([]byte, endMarker)

// record is one record of a PAX header (POSIX.1-2001 pax): its length counts itself.
func record(key, value string) string {
	rest := len(" =\n") + len(key) + len(value)
	n := rest + len(fmt.Sprint(rest))
	n = rest + len(fmt.Sprint(n))
	return fmt.Sprintf("%d %s=%s\n", n, key, value)
}

// zframe is a zstd frame without checksum: window of 128 KiB, a raw block, then runs of n bytes of v.
func zframe(raw []byte, runs, n int, v byte) []byte {
	b := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3}
	block := func(last, kind, size int, data ...byte) {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(last|kind<<1|size<<3))[:len(b)+3], data...)
	}
	block(0, 0, len(raw), raw...)
	for range runs {
		block(0, 1, n, v)
	}
	block(1, 0, 0)
	return b
}

func TestHostileMembers(t *testing.T) {
	file := entry{name: "000000.cls", data: "1"}
	small := Limits{Member: 1 << 20, Window: 1 << 20}
	gibibyte := zframe(nil, 8<<10, 128<<10, 0) // 1 GiB of zeros in 32 KiB
	for _, c := range []struct {
		name string
		data []byte
		want string
		cut  bool
	}{
		{"no data", nil, "stream: no data", true},
		{"empty zstd", zframe(nil, 0, 0, 0), "stream: data ends after 0 bytes of the first tar header", true},
		{"npy", []byte("\x93NUMPY\x01\x00"), "stream: not a tar archive but a .npy array", false},
		{"npz", []byte("PK\x03\x04...."), "not a tar archive but a zip archive", false},
		{"tar.gz", []byte("\x1f\x8b\x08..."), "gzip -dc", false},
		{"npy.zst", zframe([]byte("\x93NUMPY\x01\x00"), 0, 0, 0), "not a tar archive but a .npy array", false},
		{"text", bytes.Repeat([]byte("1,2,3\n"), 100), `stream: not a tar archive: it starts with "1,2,3\n`, false},
		{"no marker", pack(file), "stream: after member 000000.cls: stream ends without a tar end marker", true},
		{"half a marker", join(pack(file), marker[:512]), "without a tar end marker", true},
		{"zeros, then half a marker", join(pack(entry{name: "a.x", data: strings.Repeat("\x00", 2000)}), marker[:512]), "without a tar end marker", true},
		{"text behind", join(pack(file), marker, []byte("hello")), "behind the tar end marker: data ends after 5 bytes", true},
		{"text block behind", join(pack(file), marker, bytes.Repeat([]byte("x"), 600)), "behind the tar end marker: not a tar archive", false},
		{"text behind a frame", join(writeFiles(t, Zstd, nil), []byte("hello")), "zstd: what follows a frame is not another", false},
		{"damaged header", join(pack(file), bytes.Repeat([]byte("x"), 600)), "after member 000000.cls: archive/tar: invalid tar header", false},
		{"zeros for ever", gibibyte, "more than 16777216 zero bytes behind the tar end marker", false},
		{"member of 1 GiB", zframe(pack(entry{name: "a.npy", size: 1 << 30}), 8<<10, 128<<10, 0), "member a.npy: 1073741824 bytes, the limit is 1048576", false},
		{"claim of 1 MiB", pack(entry{name: "a.npy", data: "1", size: 1 << 20}), "member a.npy: data ends after 512 of 1048576 bytes", true},
		{"claim of 8 GiB", pack(entry{name: "a.npy", data: "1", size: 1<<33 - 1}), "member a.npy: 8589934591 bytes, the limit is 1048576", false},
		{"window of 2 TiB", []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 31 << 3, 1, 0, 0}, "the limit is 1048576 bytes", false},
		{"window over the limit", []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 10<<3 | 1, 1, 0, 0}, "the limit is 1048576 bytes", false},
		{"content as window", []byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0}, "the limit is 1048576 bytes", false},
		{"parent folder", pack(entry{name: "../a.npy"}), `stream: member ../a.npy: name with ".."`, false},
		{"parent inside", pack(entry{name: "a/../../b.npy"}), `member a/../../b.npy: name with ".."`, false},
		{"absolute", pack(entry{name: "/etc/a.npy"}), "member /etc/a.npy: absolute name", false},
		{"not printable", pack(entry{name: "a\x1b[2J.npy"}), `member "a\x1b[2J.npy": name is not printable`, false},
		{"no name", pack(entry{}), `member "": member without a name`, false},
		{"symbolic link", pack(entry{name: "a.npy", flag: tar.TypeSymlink}), "member a.npy: symbolic link; pack with --dereference", false},
		{"hard link", pack(entry{name: "a.npy", flag: tar.TypeLink}), "member a.npy: hard link", false},
		{"device", pack(entry{name: "a.npy", flag: tar.TypeChar}), "member a.npy: device", false},
		{"pipe", pack(entry{name: "a.npy", flag: tar.TypeFifo}), "member a.npy: named pipe", false},
		{"unknown type", pack(entry{name: "a.npy", flag: 'V'}), "member a.npy: unknown type 'V'", false},
		{"GNU sparse", pack(entry{name: "a.npy", flag: tar.TypeGNUSparse, gnu: true}), "member a.npy: sparse file", false},
		{"PAX sparse", pack(entry{name: "p", flag: tar.TypeXHeader, data: record("GNU.sparse.major", "0") + record("GNU.sparse.minor", "1") +
			record("GNU.sparse.size", "4") + record("GNU.sparse.numblocks", "1") + record("GNU.sparse.map", "0,1")}, entry{name: "a.npy", data: "1"}), "member a.npy: sparse file", false},
		{"PAX parent", pack(entry{name: "p", flag: tar.TypeXHeader, data: record("path", "../b.npy")}, entry{name: "a.npy"}), "member ../b.npy", false},
		{"PAX size", pack(entry{name: "p", flag: tar.TypeXHeader, data: record("size", "9223372036854775807")}, entry{name: "a.npy"}), "bytes, the limit is 1048576", false},
		{"PAX for all", pack(entry{name: "p", flag: tar.TypeXGlobalHeader, data: record("path", "b.npy")}, entry{name: "a.npy"}), "global PAX header sets path", false},
		{"PAX of 2 MiB", pack(entry{name: "p", flag: tar.TypeXHeader, data: record("comment", strings.Repeat("x", 2<<20))}, file), "too long", false},
		{"PAX headers for ever", bytes.Repeat(pack(entry{name: "p", flag: tar.TypeXHeader, data: record("comment", strings.Repeat("x", 1000<<10))}), 10), "tar headers of more than 8388608 bytes", false},
		{"GNU name of 2 MiB", pack(entry{name: "p", flag: tar.TypeGNULongName, data: strings.Repeat("x", 2<<20), gnu: true}, file), "too long", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			cost := allocated(func() { _, err = readFiles(bytes.NewReader(c.data), small) })
			if err == nil || !strings.HasPrefix(err.Error(), "stream: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
			if errors.Is(err, io.ErrUnexpectedEOF) != c.cut {
				t.Errorf("a cut is %v, want %v: %v", !c.cut, c.cut, err)
			}
			if limit := uint64(8<<20 + 40*len(c.data)); cost > limit { // fixed buffers, and PAX headers through several strings
				t.Errorf("%d bytes of input cost %d bytes, want at most %d", len(c.data), cost, limit)
			}
		})
	}
}

// allocated is how many bytes f takes from the heap, whatever it gives back.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// The default limit of 1 GiB lets these claims pass; a MiB is read before they are found out.
func TestClaimsCostLittle(t *testing.T) {
	claim := entry{name: "a.npy", data: npyHeader(npy.Float32, 1<<28-32), size: 1 << 30}
	var err error
	cost := allocated(func() { _, err = readFiles(bytes.NewReader(pack(claim)), Limits{}) })
	if !errors.Is(err, io.ErrUnexpectedEOF) || cost > 4<<20 {
		t.Errorf("members: %d bytes, %v", cost, err)
	}
	cost = allocated(func() { _, _, err = readSamples(bytes.NewReader(pack(claim)), Limits{}) })
	if !errors.Is(err, io.ErrUnexpectedEOF) || cost > 4<<20 {
		t.Errorf("samples: %d bytes, %v", cost, err)
	}
}

func TestSkippedMembers(t *testing.T) {
	data := join(pack(
		entry{name: "./", flag: tar.TypeDir},
		entry{name: "p", flag: tar.TypeXGlobalHeader, data: record("comment", "of git archive")},
		entry{name: "././a//b.cls", data: "1"},
		entry{name: "old", flag: tar.TypeCont, data: "2"},
		entry{name: "p", flag: tar.TypeXHeader, data: record("path", "./"+strings.Repeat("n", 200)+".cls")}, entry{name: "short", data: "3"},
		entry{name: "p", flag: tar.TypeGNULongName, data: strings.Repeat("m", 200) + ".cls\x00", gnu: true}, entry{name: "short", data: "4", gnu: true},
	), marker, make([]byte, 9<<10))
	want := []file{{"a/b.cls", "1"}, {"old", "2"}, {strings.Repeat("n", 200) + ".cls", "3"}, {strings.Repeat("m", 200) + ".cls", "4"}}
	got, err := readFiles(bytes.NewReader(data), Limits{})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestHostileSamples(t *testing.T) {
	var array bytes.Buffer
	npy.WriteFloat32(&array, []int{1, 2}, []float32{1, 2})
	x := array.String()
	bools := npyHeader(npy.Bool, 300<<10) + strings.Repeat("\x01", 300<<10)
	for _, c := range []struct {
		name    string
		entries []entry
		want    string
		cut     bool
	}{
		{"cut array", []entry{{name: "000003.x.npy", data: x[:len(x)-4]}}, "stream: member 000003.x.npy: npy: data ends after 4 of 8 bytes", true},
		{"empty array", []entry{{name: "a.npy"}}, "member a.npy: npy: no data", true},
		{"more than an array", []entry{{name: "a.npy", data: x + "123"}}, "member a.npy: 3 bytes behind the array", false},
		{"header of 4 GiB", []entry{{name: "a.npy", data: "\x93NUMPY\x02\x00\xff\xff\xff\xff"}}, "member a.npy: npy: ", false},
		{"array of 1 GiB", []entry{{name: "a.npy", data: npyHeader(npy.Float32, 1<<28)}}, "member a.npy: npy: ", false},
		{"array of 1 MiB", []entry{{name: "a.npy", data: npyHeader(npy.Float32, 1<<18)}}, "member a.npy: npy: data ends after 0 of 1048576 bytes", true},
		{"wide as float32", []entry{{name: "a.npy", data: bools}}, "member a.npy: 307200 elements take 1228800 bytes as float32, the limit is 1048576", false},
		{"two arrays", []entry{{name: "a.x.npy", data: x}, {name: "a.png", data: x}}, "member a.png: sample a has another array or picture", false},
		{"twice the same", []entry{{name: "a.x.npy", data: x}, {name: "a.X.NPY", data: x}}, "member a.X.NPY: sample a has two of .x.npy", false},
		{"two labels", []entry{{name: "a.cls", data: "1"}, {name: "a.cls", data: "1"}}, "member a.cls: sample a has two of .cls", false},
		{"no dot", []entry{{name: "dir.d/README", data: "1"}}, "member dir.d/README: name without a dot", false},
		{"dots in the key", []entry{{name: "22.05.png", data: "1"}, {name: "22.06.png", data: "1"}}, "sample 22 has neither array nor picture, only .05.png .06.png;", false},
		{"members apart", []entry{{name: "a.x.npy", data: x}, {name: "b.x.npy", data: x}, {name: "a.cls", data: "1"}}, "sample a has neither array nor picture, only .cls; members of a sample stand together", false},
		{"no end of members", manyParts(300), "sample a has more than 256 members", false},
		{"empty label", []entry{{name: "a.cls", data: " \n"}}, "member a.cls: empty label", false},
		{"label of two lines", []entry{{name: "a.cls", data: "1\n2\n"}}, "member a.cls: label is neither a number nor one line", false},
		{"label out of range", []entry{{name: "a.cls", data: "99999999999999999999"}}, `label "99999999999999999999" is out of range`, false},
		{"long label", []entry{{name: "a.cls", data: strings.Repeat("1", 5000)}}, "member a.cls: 5000 bytes, the limit is 4096", false},
		{"broken metadata", []entry{{name: datasetName, data: "{"}}, "member __meta__/dataset.json: JSON ends too early, after 1 bytes", false},
		{"bad list", []entry{{name: datasetName, data: "{\n \"classes\": [}"}}, "member __meta__/dataset.json: JSON, line 2, byte 14: invalid character '}'", false},
		{"list as metadata", []entry{{name: datasetName, data: "[]"}}, "member __meta__/dataset.json: JSON must be an object, found a list", false},
		{"numbers as classes", []entry{{name: datasetName, data: `{"classes":[1]}`}}, "member __meta__/dataset.json: classes must be a list of text, found a number", false},
		{"class twice", []entry{{name: datasetName, data: `{"classes":["a","b","a"]}`}}, `member __meta__/dataset.json: classes 0 and 2 are both named "a"`, false},
		{"class of bad bytes", []entry{{name: datasetName, data: "{\"classes\":[\"a\xff\"]}"}}, `member __meta__/dataset.json: class 0, "a�", is not UTF-8`, false},
		{"long name as label", []entry{{name: "a.cls", data: strings.Repeat("x", 201)}}, `member a.cls: label "` + strings.Repeat("x", 40) + `"… has 201 bytes, the limit is 200`, false},
		{"fewer classes", []entry{{name: datasetName, data: `{"classes":["a","b"]}`}, {name: datasetName, data: `{"classes":["a"]}`}}, "there are 1 classes, but 2 in the stream before", false},
		{"other classes", []entry{{name: datasetName, data: `{"classes":["a"]}`}, {name: datasetName, data: `{"classes":["b"]}`}}, `class 0 is "b", but "a" in the stream before`, false},
		{"model", []entry{{name: "x/" + modelName, data: "{}"}}, "member x/__meta__/model.json: this stream is a model, not a data set", false},
		{"not a picture", []entry{{name: "a.png", data: "not a picture"}}, "member a.png: neither PNG nor JPEG", false},
		{"link", []entry{{name: "a.npy", data: x}, {name: "b.npy", flag: tar.TypeSymlink}}, "member b.npy: symbolic link", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := join(pack(c.entries...), marker)
			var err error
			cost := allocated(func() { _, _, err = readSamples(bytes.NewReader(data), Limits{Member: 1 << 20}) })
			if err == nil || !strings.HasPrefix(err.Error(), "stream: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
			if errors.Is(err, io.ErrUnexpectedEOF) != c.cut {
				t.Errorf("a cut is %v, want %v: %v", !c.cut, c.cut, err)
			}
			if cost > 4<<20 {
				t.Errorf("%d bytes of input cost %d bytes", len(data), cost)
			}
		})
	}
}

func npyHeader(t npy.DType, n int) string {
	var b bytes.Buffer
	npy.WriteHeader(&b, t, []int{n})
	return b.String()
}

func manyParts(n int) (entries []entry) {
	for i := range n {
		entries = append(entries, entry{name: fmt.Sprintf("a.%d", i)})
	}
	return entries
}
