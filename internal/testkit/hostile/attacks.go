package hostile

import (
	"archive/tar"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// Attack is a file that has harmed readers, or could.
type Attack struct {
	Name   string // what it does
	Source string // where it was published, or the rule that it breaks; "" if it was invented here
	Data   []byte // the file
}

// Seed adds attacks to the seeds of a fuzz test, except long ones, which take too much time.
func Seed(f *testing.F, attacks []Attack) {
	for _, a := range attacks {
		if len(a.Data) < 16<<10 {
			f.Add(a.Data)
		}
	}
}

// Arrays returns attacks on readers of .npy.
func Arrays() []Attack {
	npy := func(descr, shape string) []byte { return []byte(NPY(descr, shape, "")) }
	return []Attack{
		{"12 bytes ask for 4 GiB", "llohse/libnpy#44, ml-explore/mlx#3365", []byte("\x93NUMPY\x02\x00\xf0\xff\xff\xff")},
		{"14 bytes ask for 1 GiB", "huggingface/candle#3962", []byte("\x93NUMPY\x02\x00\x00\x00\x00\x40{ ")},
		{"shape wraps to 0", "llohse/libnpy#44", npy("'<f4'", "(4294967296, 4294967296)")},
		{"shape wraps to 4 bytes", "rogersce/cnpy#106", npy("'<f4'", "(4611686018427387905,)")},
		{"shape wraps behind a 0", "numpy/lib/_format_impl.py: an int64 product", npy("'<f4'", "(0, 4294967296, 4294967296)")},
		{"negative size", "numpy/lib/_format_impl.py: not refused in the header", npy("'<f4'", "(-1, 4)")},
		{"size beyond int64", "rogersce/cnpy#71", npy("'<f4'", "(9223372036854775808, 1)")},
		{"shape of 1 TiB, no data", "huggingface/candle#3962, Tensor::from_reader", npy("'<f4'", "(1048576, 512, 512)")},
		{"a sample of 1 TiB", "openvinotoolkit/openvino#6159", npy("'<f4'", "(1, 524288, 524288)")},
		{"header of 65535 bytes in 10", "rogersce/cnpy#106", []byte("\x93NUMPY\x01\x00\xff\xff")},
		{"more elements than bytes", "rogersce/cnpy#106", []byte(NPY("'<f4'", "(2, 2)", "\x00\x00\x80\x3f"))},
		{"65 dimensions", "numpy/lib/_format_impl.py", npy("'<f4'", "("+strings.Repeat("1, ", 65)+")")},
		{"pickled objects", "numpy/lib/_format_impl.py: allow_pickle", npy("'|O'", "(2, 2)")},
		{"records with a hidden field", "numpy/lib/_format_impl.py: descr", npy("[('', '|V8'), ('x', '<f4')]", "(2, 2)")},
		{"a key of 60000 bytes", "numpy/lib/_format_impl.py: header of 10000 bytes", npy("'"+strings.Repeat("f", 60000)+"'", "(2, 2)")},
		{"a key twice", "safetensors/src/tensor.rs: duplicate keys", npy("'<f4', 'descr': '<f8'", "(2, 2)")},
	}
}

// Archives returns attacks on readers of .npz.
func Archives() []Attack {
	zeros := strings.Repeat("\x00", 1<<21)
	var many []File
	for i := range 2000 {
		many = append(many, File{Name: fmt.Sprintf("%d.npy", i), Data: NPY("'|u1'", "(1, 1)", "\x01")})
	}
	return []Attack{
		{"zeros behind a small array", "D. Fifield, A better zip bomb, WOOT 2019", Zip(File{Name: "x.npy", Data: NPY("'|u1'", "(1, 1)", zeros)})},
		{"a claim of 1 EiB", "", Zip(File{Name: "x.npy", Data: NPY("'|u1'", "(1, 1)", ""), Claim: 1 << 60})},
		{"labels of 8 GiB", "", Zip(File{Name: "x.npy", Data: NPY("'|u1'", "(1, 1)", "\x01")}, File{Name: "y.npy", Data: NPY("'<i8'", "(1073741824,)", "")})},
		{"2000 arrays and no x", "", Zip(many...)},
		{"one name twice", "", Zip(File{Name: "x.npy", Data: NPY("'|u1'", "(1, 1)", "\x01")}, File{Name: "x.npy", Data: NPY("'|u1'", "(1, 1)", "\x02")})},
		{"a name of 60000 bytes", "", Zip(File{Name: strings.Repeat("x", 60000) + ".npy"}, File{Name: strings.Repeat("x", 60000) + ".npy"})},
	}
}

// Member starts the names of attacks on readers of arrays that are packed as samples.
const Member = "member: "

// Streams returns attacks on readers of tensor streams: on tar, on zstd, and on the members of a sample.
func Streams() []Attack {
	sample := func(members ...Entry) []byte { return Archive(members...) }
	x := Entry{Name: "0.x.npy", Data: NPY("'<f4'", "(1, 1)", "\x00\x00\x80\x3f")}
	array := func(a Attack) Attack {
		return Attack{Member + a.Name, a.Source, sample(Entry{Name: "0.x.npy", Data: string(a.Data)})}
	}
	attacks := []Attack{
		{"name with ..", "webdataset/tariterators.py", sample(Entry{Name: "../../0.x.npy", Data: x.Data})},
		{"absolute name", "webdataset/tariterators.py", sample(Entry{Name: "/etc/0.x.npy", Data: x.Data})},
		{"symbolic link", "webdataset/tariterators.py: members that are not regular", sample(Entry{Name: "0.x.npy", Flag: tar.TypeSymlink}, x)},
		{"hard link", "webdataset/tariterators.py: members that are not regular", sample(Entry{Name: "0.x.npy", Flag: tar.TypeLink}, x)},
		{"device", "webdataset/tariterators.py: members that are not regular", sample(Entry{Name: "0.x.npy", Flag: tar.TypeChar}, x)},
		{"sparse member of GNU tar", "GNU tar, old sparse format", sample(Entry{Name: "0.x.npy", Flag: tar.TypeGNUSparse, GNU: true}, x)},
		{"sparse member of POSIX tar", "GNU tar, sparse format 0.1", sample(PAX("GNU.sparse.major", "0", "GNU.sparse.minor", "1", "GNU.sparse.size", "1099511627776",
			"GNU.sparse.numblocks", "1", "GNU.sparse.map", "0,1"), Entry{Name: "0.x.npy", Data: "1"})},
		{"one member twice", "webdataset/webdataset#157, #286", sample(x, x)},
		{"dots in keys", "webdataset/webdataset#237, #288; huggingface/datasets#6888, #7144", sample(Entry{Name: "22.05.x.npy", Data: x.Data}, Entry{Name: "22.06.x.npy", Data: x.Data})},
		{"name without a dot", "webdataset/tariterators.py: dropped silently", sample(Entry{Name: "1", Data: x.Data}, x)},
		{"name of 1 MiB", "", sample(PAX("path", strings.Repeat("a", 1000<<10)), x)},
		{"headers for ever", "", Frame(nil, 600, 128<<10, 'x')},
		{"claim of 8 EiB", "", sample(PAX("size", "9223372036854775807"), x)},
		{"window of 3.75 TiB", "zstd_compression_format.md; fasthttp#2407", []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 31<<3 | 7, 1, 0, 0}},
		{"content of 16 EiB as window", "zstd_compression_format.md: single segment", []byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0}},
		{"1 GiB of zeros in 33 KB", "hbb_common#575, bun#28162", Frame(nil, 8<<10, 128<<10, 0)},
		{"array of 1 GiB in 33 KB", "hbb_common#575", Frame(Tar(Entry{Name: "0.x.npy", Data: NPY("'|u1'", "(32768, 32640)", ""), Size: 128 + 32768*32640}), 8<<10, 128<<10, 0)},
		{"64 MiB of zeros in gzip", "RFC 1951, 3.2.5: 1032 times", Gzip(nil, 64<<20)},
		{"text of 64 MiB in gzip", "RFC 1951, 3.2.5: 1032 times", Gzip(Tar(Entry{Name: "0.json", Size: 64 << 20}), 64<<20)},
		{"gzip name without an end", "RFC 1952, 2.3.1: names have no limit", append([]byte("\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"), strings.Repeat("n", 100<<10)...)},
		{"text of 1 GiB in 33 KB", "hbb_common#575", Frame(Tar(Entry{Name: "0.json", Size: 1 << 30}), 8<<10, 128<<10, '[')},
		{"PNG of 100000 × 100000", "ISO/IEC 15948, 11.2.2", sample(Entry{Name: "0.png", Data: string(PNG(100000, 100000, 8, 0, "\x00"))})},
		{"PNG of 2³¹ × 2³¹", "ISO/IEC 15948, 11.2.2", sample(Entry{Name: "0.png", Data: string(PNG(1<<31-1, 1<<31-1, 16, 6, "\x00"))})},
		{"TIFF of 2³² × 2³²", "TIFF 6.0, section 3", sample(Entry{Name: "0.tif", Data: string(TIFF(binary.LittleEndian, Page{W: 1<<32 - 1, H: 1<<32 - 1, Blocks: []string{"\x00"}}))})},
		{"TIFF, a tile of 1 GiB", "golang/go#79905, CVE-2026-46602", sample(Entry{Name: "0.tif", Data: string(TIFF(binary.LittleEndian, Page{W: 1, H: 1,
			Tags: map[uint16][]uint32{322: {1 << 15}, 323: {1 << 15}, 259: {8}}, Blocks: []string{"\x00"}}))})},
		{"TIFF, pages in a circle", "TIFF 6.0, section 2", sample(Entry{Name: "0.tif", Data: string(circle())})},
		{"JPEG of 65535 × 65535", "ITU T.81, B.2.2", sample(Entry{Name: "0.jpg", Data: string(JPEG(65535, 65535))})},
		{"one key twice in JSON", "safetensors/src/tensor.rs: duplicate keys", sample(Entry{Name: "__meta__/dataset.json", Data: `{"classes": ["cat", "dog"], "Classes": ["dog", "cat"]}`}, x)},
		{"JSON of depth 500000", "safetensors/src/tensor.rs: header of 100 MB", sample(Entry{Name: "__meta__/dataset.json", Data: `{"extra": ` + strings.Repeat("[", 500000)}, x)},
		{"a number beyond float64", "RFC 8259, 6", sample(Entry{Name: "__meta__/dataset.json", Data: `{"tool": 1e999}`}, x)},
		{"not a number in JSON", "RFC 8259, 6", sample(Entry{Name: "__meta__/dataset.json", Data: `{"extra": NaN}`}, x)},
		{"label of 4 KiB", "webdataset/autodecode.py: cls is an int", sample(x, Entry{Name: "0.cls", Data: strings.Repeat("9", 4<<10)})},
		{"label 2⁶³", "webdataset/autodecode.py: cls is an int", sample(x, Entry{Name: "0.cls", Data: "9223372036854775808"})},
		{"label 2⁶²", "webdataset/autodecode.py: cls is an int", sample(x, Entry{Name: "0.cls", Data: "4611686018427387904"})},
	}
	for _, a := range Arrays() {
		attacks = append(attacks, array(a))
	}
	return attacks
}

// Bombs returns attacks on readers of archives and streams that only a limit can detect: they are valid, but very large.
func Bombs() []Attack {
	return []Attack{
		{"2 MiB of zeros in 2 KiB", "D. Fifield, A better zip bomb, WOOT 2019", Zip(File{Name: "x.npy", Data: NPY("'|u1'", "(1, 2097152)", strings.Repeat("\x00", 1<<21))})},
		{"1000 members in one place", "D. Fifield, A better zip bomb, WOOT 2019", Overlapping(1000, 1<<21)},
		{"PNG of zeros", "M. Adler, zlib Technical Details: 1032 times", Archive(Entry{Name: "0.png", Data: string(PNG(1<<13, 1<<13, 1, 0, strings.Repeat("\x00", 1<<13*(1<<10+1))))})},
	}
}

// Networks returns attacks on readers of network texts.
func Networks() []Attack {
	const input = "input c=1 h=4 w=4\n"
	text := func(lines string) []byte { return []byte(input + lines) }
	return []Attack{
		{"a million layers", "", text(strings.Repeat("relu\n", 1e6))},
		{"a parameter of 4 EiB", "", text("flatten\nlinear out=16777216\nlinear out=16777216\nlinear out=16777216\n")},
		{"a size beyond int64", "", []byte("input c=1 h=4294967296 w=4294967296\nflatten\n")},
		{"a product that wraps", "", []byte("input c=16777216 h=16777216 w=65536\nflatten\n")},
		{"padding that wraps", "", text("conv out=1 kernel=3 pad=9223372036854775807\n")},
		{"strides that wrap", "", text(strings.Repeat("conv out=1 kernel=2 stride=16777216 pad=1\n", 4))},
		{"negative kernel", "", text("maxpool kernel=-2\n")},
		{"probability NaN", "", text("dropout p=NaN\n")},
		{"infinite slope", "", text("leakyrelu slope=+Inf\n")},
		{"name with a line of its own", "", text("backdrop name=a\x1b[2J p=0.5 axes=HW\n")},
		{"a word of 1 MiB", "", text("backdrop name=a p=0.5 axes=" + strings.Repeat("H", 1<<20) + "\n")},
		{"a key twice", "", text("conv out=1 kernel=1 out=2\n")},
	}
}
