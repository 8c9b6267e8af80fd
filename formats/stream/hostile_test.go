package stream

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/hostile"
)

func TestHostileMembers(t *testing.T) {
	file := hostile.Entry{Name: "000000.cls", Data: "1"}
	small := Limits{Member: 1 << 20, Window: 1 << 20}
	gibibyte := hostile.Frame(nil, 8<<10, 128<<10, 0) // 1 GiB of zeros in 32 KiB
	for _, c := range []struct {
		name string
		data []byte
		want string
		cut  bool
	}{
		{"no data", nil, "stream: no data", true},
		{"empty zstd", hostile.Frame(nil, 0, 0, 0), "stream: data ends after 0 bytes of the first tar header", true},
		{"npy", []byte("\x93NUMPY\x01\x00"), "stream: not a tar archive but a .npy array", false},
		{"npz", []byte("PK\x03\x04...."), "not a tar archive but a zip archive", false},
		{"cut tar.gz", []byte("\x1f\x8b\x08..."), "stream: gzip: data end too early", true},
		{"npy.zst", hostile.Frame([]byte("\x93NUMPY\x01\x00"), 0, 0, 0), "not a tar archive but a .npy array; decompress it first with zstd -dc", false},
		{"cut tar", hostile.Tar(file)[:300], "stream: data ends after 300 bytes of the first tar header", true},
		{"damaged tar", append([]byte("1"), hostile.Tar(file)[1:]...), "stream: the first tar header is damaged", false},
		{"PNG", hostile.PNG(1, 1, 8, 0, "\x00\x00"), "not a tar archive but a PNG picture; name the folder that the pictures are in", false},
		{"text", bytes.Repeat([]byte("1,2,3\n"), 100), `stream: not a tar archive but text: it starts with "1,2,3\n`, false},
		{"no marker", hostile.Tar(file), "stream: after member 000000.cls: stream ends without a tar end marker", true},
		{"half a marker", join(hostile.Tar(file), hostile.TarEnd[:512]), "without a tar end marker", true},
		{"zeros, then half a marker", join(hostile.Tar(hostile.Entry{Name: "a.x", Data: strings.Repeat("\x00", 2000)}), hostile.TarEnd[:512]), "without a tar end marker", true},
		{"text behind", join(hostile.Tar(file), hostile.TarEnd, []byte("hello")), "behind the tar end marker: data ends after 5 bytes", true},
		{"text block behind", join(hostile.Tar(file), hostile.TarEnd, bytes.Repeat([]byte("x"), 600)), "behind the tar end marker: not a tar archive", false},
		{"text behind a frame", join(writeFiles(t, Zstd, nil), []byte("hello")), "zstd: what follows a frame is not another", false},
		{"damaged header", join(hostile.Tar(file), bytes.Repeat([]byte("x"), 600)), "after member 000000.cls: archive/tar: invalid tar header", false},
		{"zeros for ever", gibibyte, "behind the tar end marker: padding of more than 16777216 zero bytes", false},
		{"member of 1 GiB", hostile.Frame(hostile.Tar(hostile.Entry{Name: "a.npy", Size: 1 << 30}), 8<<10, 128<<10, 0), "member a.npy: 1073741824 bytes, the limit is 1048576", false},
		{"claim of 1 MiB", hostile.Tar(hostile.Entry{Name: "a.npy", Data: "1", Size: 1 << 20}), "member a.npy: data ends after 512 of 1048576 bytes", true},
		{"claim of 8 GiB", hostile.Tar(hostile.Entry{Name: "a.npy", Data: "1", Size: 1<<33 - 1}), "member a.npy: 8589934591 bytes, the limit is 1048576", false},
		{"window of 2 TiB", []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 31 << 3, 1, 0, 0}, "the limit is 1048576 bytes", false},
		{"window over the limit", []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 10<<3 | 1, 1, 0, 0}, "the limit is 1048576 bytes", false},
		{"content as window", []byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0}, "the limit is 1048576 bytes", false},
		{"parent folder", hostile.Tar(hostile.Entry{Name: "../a.npy"}), `stream: member ../a.npy: name with ".."`, false},
		{"parent inside", hostile.Tar(hostile.Entry{Name: "a/../../b.npy"}), `member a/../../b.npy: name with ".."`, false},
		{"absolute", hostile.Tar(hostile.Entry{Name: "/etc/a.npy"}), "member /etc/a.npy: absolute name", false},
		{"not printable", hostile.Tar(hostile.Entry{Name: "a\x1b[2J.npy"}), `member "a\x1b[2J.npy": name has a control character; rename the file`, false},
		{"name of 1025 bytes", hostile.Tar(hostile.PAX("path", strings.Repeat("n", 1025)), file), "…: name of 1025 bytes, the limit is 1024", false},
		{"no name", hostile.Tar(hostile.Entry{}), `member "": member without a name`, false},
		{"symbolic link", hostile.Tar(hostile.Entry{Name: "a.npy", Flag: tar.TypeSymlink}), "member a.npy: symbolic link; pack with --dereference", false},
		{"hard link", hostile.Tar(hostile.Entry{Name: "a.npy", Flag: tar.TypeLink}), "member a.npy: hard link", false},
		{"device", hostile.Tar(hostile.Entry{Name: "a.npy", Flag: tar.TypeChar}), "member a.npy: device", false},
		{"pipe", hostile.Tar(hostile.Entry{Name: "a.npy", Flag: tar.TypeFifo}), "member a.npy: named pipe", false},
		{"unknown type", hostile.Tar(hostile.Entry{Name: "a.npy", Flag: 'V'}), "member a.npy: unknown type 'V'", false},
		{"GNU sparse", hostile.Tar(hostile.Entry{Name: "a.npy", Flag: tar.TypeGNUSparse, GNU: true}), "member a.npy: sparse file", false},
		{"PAX sparse", hostile.Tar(hostile.PAX("GNU.sparse.major", "0", "GNU.sparse.minor", "1",
			"GNU.sparse.size", "4", "GNU.sparse.numblocks", "1", "GNU.sparse.map", "0,1"), hostile.Entry{Name: "a.npy", Data: "1"}), "member a.npy: sparse file", false},
		{"PAX parent", hostile.Tar(hostile.PAX("path", "../b.npy"), hostile.Entry{Name: "a.npy"}), "member ../b.npy", false},
		{"PAX size", hostile.Tar(hostile.PAX("size", "9223372036854775807"), hostile.Entry{Name: "a.npy"}), "bytes, the limit is 1048576", false},
		{"PAX for all", hostile.Tar(hostile.GlobalPAX("path", "b.npy"), hostile.Entry{Name: "a.npy"}), "global PAX header sets path", false},
		{"PAX of 2 MiB", hostile.Tar(hostile.PAX("comment", strings.Repeat("x", 2<<20)), file), "too long", false},
		{"PAX headers for ever", bytes.Repeat(hostile.Tar(hostile.PAX("comment", strings.Repeat("x", 1000<<10))), 10), "tar headers of more than 8388608 bytes", false},
		{"GNU name of 2 MiB", hostile.Tar(hostile.Entry{Name: "p", Flag: tar.TypeGNULongName, Data: strings.Repeat("x", 2<<20), GNU: true}, file), "too long", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			cost := hostile.Allocated(func() { _, err = readFiles(bytes.NewReader(c.data), small) })
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

// The default limit of 1 GiB accepts these claims. They are found to be false after 1 MiB.
func TestClaimsCostLittle(t *testing.T) {
	claim := hostile.Entry{Name: "a.npy", Data: npyHeader(npy.Float32, 1<<28-32), Size: 1 << 30}
	var err error
	cost := hostile.Allocated(func() { _, err = readFiles(bytes.NewReader(hostile.Tar(claim)), Limits{}) })
	if !errors.Is(err, io.ErrUnexpectedEOF) || cost > 4<<20 {
		t.Errorf("members: %d bytes, %v", cost, err)
	}
	cost = hostile.Allocated(func() { _, _, err = readSamples(bytes.NewReader(hostile.Tar(claim)), Limits{}) })
	if !errors.Is(err, io.ErrUnexpectedEOF) || cost > 4<<20 {
		t.Errorf("samples: %d bytes, %v", cost, err)
	}
}

func TestSkippedMembers(t *testing.T) {
	data := join(hostile.Tar(
		hostile.Entry{Name: "./", Flag: tar.TypeDir},
		hostile.GlobalPAX("comment", "of git archive"),
		hostile.Entry{Name: "././a//b.cls", Data: "1"},
		hostile.Entry{Name: "old", Flag: tar.TypeCont, Data: "2"},
		hostile.PAX("path", "./"+strings.Repeat("n", 200)+".cls"), hostile.Entry{Name: "short", Data: "3"},
		hostile.Entry{Name: "p", Flag: tar.TypeGNULongName, Data: strings.Repeat("m", 200) + ".cls\x00", GNU: true}, hostile.Entry{Name: "short", Data: "4", GNU: true},
	), hostile.TarEnd, make([]byte, 9<<10))
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
		entries []hostile.Entry
		want    string
		cut     bool
	}{
		{"cut array", []hostile.Entry{{Name: "000003.x.npy", Data: x[:len(x)-4]}}, "stream: member 000003.x.npy: npy: data ends after 4 of 8 bytes", true},
		{"empty array", []hostile.Entry{{Name: "a.npy"}}, "member a.npy: npy: no data", true},
		{"more than an array", []hostile.Entry{{Name: "a.npy", Data: x + "123"}}, "member a.npy: 3 bytes behind the array", false},
		{"header of 4 GiB", []hostile.Entry{{Name: "a.npy", Data: "\x93NUMPY\x02\x00\xff\xff\xff\xff"}}, "member a.npy: npy: ", false},
		{"array of 1 GiB", []hostile.Entry{{Name: "a.npy", Data: npyHeader(npy.Float32, 1<<28)}}, "member a.npy: npy: ", false},
		{"array of 1 MiB", []hostile.Entry{{Name: "a.npy", Data: npyHeader(npy.Float32, 1<<18)}}, "member a.npy: npy: data ends after 0 of 1048576 bytes", true},
		{"wide as float32", []hostile.Entry{{Name: "a.npy", Data: bools}}, "member a.npy: npy: shape (307200,) needs 1228800 bytes as f4, more than the limit of 1048576", false},
		{"two arrays", []hostile.Entry{{Name: "a.x.npy", Data: x}, {Name: "a.png", Data: x}}, "member a.png: sample a has another array or picture", false},
		{"twice the same", []hostile.Entry{{Name: "a.x.npy", Data: x}, {Name: "a.X.NPY", Data: x}}, "member a.X.NPY: sample a has two of .x.npy", false},
		{"two labels", []hostile.Entry{{Name: "a.cls", Data: "1"}, {Name: "a.cls", Data: "1"}}, "member a.cls: sample a has two of .cls", false},
		{"no dot", []hostile.Entry{{Name: "dir.d/000000", Data: x}}, "member dir.d/000000: name without a dot says neither its sample nor what it holds, but it is a .npy array; add an ending, such as .png", false},
		{"no known ending", []hostile.Entry{{Name: "a.image", Data: x}}, "sample a has neither array nor picture, only .image; that is a .npy array, but arrays are read as .x.npy and .npy", false},
		{"text of a lost sample", []hostile.Entry{{Name: "a.txt", Data: "1"}, {Name: "b.npy", Data: x}, {Name: "b.txt", Data: "1"}}, "sample a has neither array nor picture, only .txt, as sample b has beside its own", false},
		{"dots in the key", []hostile.Entry{{Name: "22.05.png", Data: "1"}, {Name: "22.06.png", Data: "1"}}, "sample 22 has neither array nor picture, only .05.png .06.png;", false},
		{"members apart", []hostile.Entry{{Name: "a.x.npy", Data: x}, {Name: "b.x.npy", Data: x}, {Name: "a.cls", Data: "1"}}, "sample a has neither array nor picture, only .cls; arrays are read as .x.npy and .npy, pictures as .png, .jpg, .jpeg, .tif and .tiff; members of a sample stand together: find DIR -type f | LC_ALL=C sort | tar -cf x.tar -T -", false},
		{"folder between", []hostile.Entry{{Name: "d/a.cls", Data: "1"}, {Name: "d/a.d/b.x.npy", Data: x}, {Name: "d/a.x.npy", Data: x}}, `sample d/a has neither array nor picture, only .cls; arrays are read as .x.npy and .npy, pictures as .png, .jpg, .jpeg, .tif and .tiff; members of a sample stand together, and the folder "a.d" comes between: rename it`, false},
		{"other picture", []hostile.Entry{{Name: "a.WEBP", Data: "RIFF"}, {Name: "a.cls", Data: "1"}}, "sample a has neither array nor picture, only .webp .cls; arrays are read as .x.npy and .npy, pictures as .png, .jpg, .jpeg, .tif and .tiff; convert .webp to one of these", false},
		{"other array", []hostile.Entry{{Name: "a.cls", Data: "1"}, {Name: "a.nii.gz"}}, "convert .nii.gz to one of these", false},
		{"a kind before the ending", []hostile.Entry{{Name: "a.cls", Data: "1"}, {Name: "a.image.png"}}, "sample a has neither array nor picture, only .cls .image.png; its name ends at the first dot, and arrays are read as .x.npy and .npy, pictures as .png, .jpg, .jpeg, .tif and .tiff", false},
		{"no end of members", manyParts(300), "sample a has more than 256 members", false},
		{"empty label", []hostile.Entry{{Name: "a.cls", Data: " \n"}}, "member a.cls: empty label", false},
		{"label of two lines", []hostile.Entry{{Name: "a.cls", Data: "1\n2\n"}}, "member a.cls: label is neither a number nor one line", false},
		{"long label", []hostile.Entry{{Name: "a.cls", Data: strings.Repeat("1", 5000)}}, "member a.cls: 5000 bytes, the limit is 4096", false},
		{"broken metadata", []hostile.Entry{{Name: datasetName, Data: "{"}}, "member __meta__/dataset.json: JSON ends too early, after 1 bytes", false},
		{"bad list", []hostile.Entry{{Name: datasetName, Data: "{\n \"classes\": [}"}}, "member __meta__/dataset.json: JSON, line 2, byte 14: invalid character '}'", false},
		{"key twice", []hostile.Entry{{Name: datasetName, Data: `{"tool":"a","tool":"b"}`}}, `member __meta__/dataset.json: JSON has the key "tool" twice`, false},
		{"key in two cases", []hostile.Entry{{Name: datasetName, Data: `{"claſſeS":["a"],"CLASSES":["b"]}`}}, `member __meta__/dataset.json: JSON has the key "classes" twice`, false},
		{"key twice inside", []hostile.Entry{{Name: datasetName, Data: `{"extra":{"K":[{"a":1},{"a":1}],"k":[{"b":1,"c":0,"b":1}]}}`}}, `member __meta__/dataset.json: JSON has the key "b" twice`, false},
		{"list as metadata", []hostile.Entry{{Name: datasetName, Data: "[]"}}, "member __meta__/dataset.json: JSON must be an object, found a list", false},
		{"numbers as classes", []hostile.Entry{{Name: datasetName, Data: `{"classes":[1]}`}}, "member __meta__/dataset.json: classes must be a list of text, found a number", false},
		{"class twice", []hostile.Entry{{Name: datasetName, Data: `{"classes":["a","b","a"]}`}}, `member __meta__/dataset.json: classes 0 and 2 are both named "a"`, false},
		{"class of bad bytes", []hostile.Entry{{Name: datasetName, Data: "{\"classes\":[\"a\xff\"]}"}}, `member __meta__/dataset.json: class 0, "a�", is not UTF-8`, false},
		{"long name as label", []hostile.Entry{{Name: "a.cls", Data: strings.Repeat("x", 201)}}, `member a.cls: label "` + strings.Repeat("x", 40) + `"… has 201 bytes, the limit is 200`, false},
		{"fewer classes", []hostile.Entry{{Name: datasetName, Data: `{"classes":["a","b"]}`}, {Name: datasetName, Data: `{"classes":["a"]}`}}, "there are 1 classes, but 2 in the stream before", false},
		{"other axes", []hostile.Entry{{Name: datasetName, Data: `{"axes":"HWC"}`}, {Name: datasetName, Data: `{"axes":"CHW"}`}}, `axes are "CHW", but "HWC" in the stream before`, false},
		{"other classes", []hostile.Entry{{Name: datasetName, Data: `{"classes":["a"]}`}, {Name: datasetName, Data: `{"classes":["b"]}`}}, `class 0 is "b", but "a" in the stream before`, false},
		{"model", []hostile.Entry{{Name: "x/" + modelName, Data: "{}"}}, "member x/__meta__/model.json: this stream is a model, not a data set", false},
		{"not a picture", []hostile.Entry{{Name: "a.png", Data: "not a picture"}}, "member a.png: neither PNG, JPEG nor TIFF", false},
		{"link", []hostile.Entry{{Name: "a.npy", Data: x}, {Name: "b.npy", Flag: tar.TypeSymlink}}, "member b.npy: symbolic link", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := hostile.Archive(c.entries...)
			var err error
			cost := hostile.Allocated(func() { _, _, err = readSamples(bytes.NewReader(data), Limits{Member: 1 << 20}) })
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

func manyParts(n int) (entries []hostile.Entry) {
	for i := range n {
		entries = append(entries, hostile.Entry{Name: fmt.Sprintf("a.%d", i)})
	}
	return entries
}

// A sample does not continue in the next archive.
func TestSampleInTwoArchives(t *testing.T) {
	data := join(hostile.Archive(hostile.Entry{Name: "a.cls", Data: "1"}), hostile.Archive(hostile.Entry{Name: "a.x.npy", Data: npyHeader(npy.Uint8, 1) + "\x01"}))
	_, _, err := readSamples(bytes.NewReader(data), Limits{})
	if err == nil || !strings.HasSuffix(err.Error(), "members of a sample stand together: find DIR -type f | LC_ALL=C sort | tar -cf x.tar -T -") {
		t.Error(err)
	}
}
