package dataset

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
)

// refusals are the errors for the attacks, without "reading stdin: ".
var refusals = map[string]string{
	"12 bytes ask for 4 GiB":      "npy: header of 4294967280 bytes, more than the limit of 65536",
	"14 bytes ask for 1 GiB":      "npy: header of 1073741824 bytes, more than the limit of 65536",
	"shape wraps to 0":            "npy: shape (4294967296, 4294967296) needs more than 9223372036854775807 bytes",
	"shape wraps to 4 bytes":      "npy: shape (4611686018427387905,) needs more than 9223372036854775807 bytes",
	"shape wraps behind a 0":      "npy: shape (0, 4294967296, 4294967296) needs more than 9223372036854775807 bytes",
	"negative size":               `npy: header: want a size at byte 51, found "-1, 4), }   "`,
	"size beyond int64":           `npy: header: want a size at byte 51, found "922337203685"`,
	"shape of 1 TiB, no data":     "npy: data ends after 0 of 1099511627776 bytes",
	"a sample of 1 TiB":           "npy: shape (524288, 524288) needs 1099511627776 bytes, more than the limit of 1048576",
	"header of 65535 bytes in 10": "npy: header ends after 10 of 65545 bytes",
	"more elements than bytes":    "npy: data ends after 4 of 16 bytes",
	"65 dimensions":               "npy: 65 dimensions, more than the limit of 64",
	"pickled objects":             `npy: dtype "|O" is Python objects, which are not read; convert the array with astype('<f4') or, to text, with astype(str)`,
	"records with a hidden field": "npy: header: descr is not the name of a plain type",
	"a key of 60000 bytes":        `npy: dtype "` + strings.Repeat("f", 40) + `" is not supported; convert the array with astype('<f4') or another plain type`,
	"a key twice":                 `npy: header has the key "descr" twice`,
	"2 MiB of zeros in 2 KiB":     "npz: member x.npy: npy: shape (2097152,) needs 2097152 bytes, more than the limit of 1048576",
	"zeros behind a small array":  "npz: member x.npy: data follow the array",
	"1000 members in one place":   "npz: member x.npy: npy: shape (2097152,) needs 2097152 bytes, more than the limit of 1048576",
	"a claim of 1 EiB":            "npz: member x.npy: npy: header ends after 10 of 128 bytes",
	"labels of 8 GiB":             `npz: member "y.npy": npy: shape (1073741824,) needs 8589934592 bytes, more than the limit of 1048576`,
	"2000 arrays and no x":        `npz: no member x.npy among 2000 ("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27"), and none whose name or shape says that it holds the samples`,
	"one name twice":              `npz: member "x.npy" is there twice`,
	"a name of 60000 bytes":       `npz: member "` + strings.Repeat("x", 100) + `" is there twice`,
	"name with ..":                `stream: member ../../0.x.npy: name with ".."`,
	"absolute name":               "stream: member /etc/0.x.npy: absolute name; pack with names relative to a folder",
	"symbolic link":               "stream: member 0.x.npy: symbolic link; pack with --dereference",
	"hard link":                   "stream: member 0.x.npy: hard link; pack with GNU tar --hard-dereference, or a copy of the folder made with cp -r",
	"device":                      "stream: member 0.x.npy: device",
	"sparse member of GNU tar":    "stream: member 0.x.npy: sparse file; pack with GNU tar without --sparse",
	"sparse member of POSIX tar":  "stream: member 0.x.npy: sparse file; pack with bsdtar --no-read-sparse, or GNU tar without --sparse",
	"one member twice":            "stream: member 0.x.npy: sample 0 has two of .x.npy",
	"dots in keys":                "stream: sample 22 has neither array nor picture, only .05.x.npy .06.x.npy; its name ends at the first dot, and arrays are read as .x.npy and .npy, pictures as .png, .jpg, .jpeg, .tif and .tiff; a folder that is read as it is may have names with more dots",
	"name without a dot":          "stream: member 1: name without a dot says neither its sample nor what it holds, but it is a .npy array; add an ending, such as .png",
	"name of 1 MiB":               "stream: member " + strings.Repeat("a", 100) + "…: name of 1024000 bytes, the limit is 1024",
	"headers for ever":            `stream: not a tar archive but text: it starts with "xxxxxxxxxxxxxxxx"`,
	"claim of 8 EiB":              "stream: member 0.x.npy: 9223372036854775807 bytes, the limit is 1048576",
	"window of 3.75 TiB":          "stream: zstd: window or block is too large, the limit is 1048576 bytes; decompress it first: zstd -dc --long=31 FILE | …",
	"content of 16 EiB as window": "stream: zstd: window or block is too large, the limit is 1048576 bytes; decompress it first: zstd -dc --long=31 FILE | …",
	"1 GiB of zeros in 33 KB":     "stream: behind the tar end marker: padding of more than 16777216 zero bytes",
	"array of 1 GiB in 33 KB":     "stream: member 0.x.npy: 1069547648 bytes, the limit is 1048576",
	"text of 1 GiB in 33 KB":      "stream: member 0.json: 1073741824 bytes, the limit is 1048576",
	"PNG of 100000 × 100000":      "stream: member 0.png: png: 100000 × 100000 pixels are more than 1 MiB as float32; scale the picture down first",
	"PNG of 2³¹ × 2³¹":            "stream: member 0.png: png: unsupported feature: dimension overflow; save it again as PNG, or as JPEG of 8 bits, grey or RGB",
	"PNG of zeros":                "stream: member 0.png: png: 8192 × 8192 pixels are more than 1 MiB as float32; scale the picture down first",
	"64 MiB of zeros in gzip":     "stream: behind the tar end marker: padding of more than 16777216 zero bytes",
	"text of 64 MiB in gzip":      "stream: member 0.json: 67108864 bytes, the limit is 1048576",
	"gzip name without an end":    "stream: gzip: the header is damaged",
	"TIFF of 2³² × 2³²":           "stream: member 0.tif: tiff: 4294967295 × 4294967295 pixels in strips of 4294967295 × 4294967295 are more than 1 MiB as float32; scale the picture down first",
	"TIFF, a tile of 1 GiB":       "stream: member 0.tif: tiff: tiles of 32768 × 32768 pixels, 1 in all, take more memory than 1048576 bytes as float32 may; save it in others",
	"TIFF, pages in a circle":     `stream: member 0.tif: tiff: more than 100 pages, not one picture; a stack is an array [D,H,W]: np.save("a.npy", tifffile.imread("a.tif")), or a tar of all files with examples/convert/from_tiff.py`,
	"JPEG of 65535 × 65535":       "stream: member 0.jpg: jpeg: 65535 × 65535 pixels are more than 1 MiB as float32; scale the picture down first",
	"one key twice in JSON":       `stream: member __meta__/dataset.json: JSON has the key "classes" twice`,
	"JSON of depth 500000":        "stream: member __meta__/dataset.json: JSON, line 1, byte 10010: invalid character '[' exceeded max depth",
	"a number beyond float64":     "stream: member __meta__/dataset.json: tool must be text, found a number",
	"not a number in JSON":        "stream: member __meta__/dataset.json: JSON, line 1, byte 11: invalid character 'N' looking for beginning of value",
	"label of 4 KiB":              `stream: member 0.cls: label "9999999999999999999999999999999999999999"… has 4096 bytes, the limit is 200`,
	"label 2⁶³":                   `sample 0: label "9223372036854775808" is out of range`,
	"label 2⁶²":                   "sample 0: label 4611686018427387904 is more than the limit of 1048575",

	hostile.Member + "shape of 1 TiB, no data": "stream: member 0.x.npy: npy: shape (1048576, 512, 512) needs 1099511627776 bytes, more than the limit of 1048576",
	hostile.Member + "a sample of 1 TiB":       "stream: member 0.x.npy: npy: shape (1, 524288, 524288) needs 1099511627776 bytes, more than the limit of 1048576",
}

// TestAttacks: each attack is refused with one line, and allocates no more than is promised: eight times what was read, and
// 2 MiB for buffers and for claims.
func TestAttacks(t *testing.T) {
	o := Options{Limits: stream.Limits{Member: 1 << 20, Window: 1 << 20}, Memory: 1 << 20}
	for _, a := range slices.Concat(hostile.Arrays(), hostile.Archives(), hostile.Streams(), hostile.Bombs()) {
		t.Run(a.Name, func(t *testing.T) {
			want, ok := refusals[a.Name]
			if !ok {
				want = "stream: member 0.x.npy: " + refusals[strings.TrimPrefix(a.Name, hostile.Member)]
			}
			for what, f := range map[string]func() error{
				"source": func() error { _, _, err := read("", bytes.NewReader(a.Data), o); return err },
				"table":  func() error { _, err := Load("", bytes.NewReader(a.Data), o); return err },
			} {
				var err error
				hostile.Cheap(t, 2<<20+8*int64(len(a.Data)), func() { err = f() })
				if err == nil || err.Error() != "reading stdin: "+want {
					t.Fatalf("%s:\n got %v\nwant reading stdin: %s", what, err, want)
				}
				hostile.OneLine(t, err)
			}
		})
	}
}
