// Package sniff tells what a file is by its first bytes: one that the tools read, or one that was given to them by mistake.
package sniff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what a file is.
type Kind struct {
	Name    string // such as "gzip data"
	Unpack  string // how to get at the file that is inside, in words; "" if none is
	Python  string // code that saves what it holds as a .npy array; "" if there is none
	Text    bool   // it is text
	Picture bool   // it is a picture
}

// Tar is the kind of tar archives that have a magic.
var Tar = Kind{Name: "a tar archive"}

// UTF16 is the kind of text in UTF-16, as Windows calls Unicode.
var UTF16 = Kind{Name: "text in UTF-16", Text: true, Python: `np.save("a.npy", np.loadtxt("a.txt", encoding="utf-16"))`}

// packed is the kind of compressed data that a tool decompresses.
func packed(name, tool string) Kind {
	return Kind{Name: name, Unpack: "decompress it first with " + tool}
}

// picture is the kind of pictures in one format.
func picture(name string) Kind { return Kind{Name: name, Picture: true} }

var (
	text   = Kind{Name: "text", Text: true, Python: `np.save("a.npy", np.loadtxt("a.txt")), with delimiter="," for CSV, skiprows=1 for a heading, usecols=1 for the second column alone, dtype=str for words`}
	list   = Kind{Name: "JSON", Text: true, Python: `np.save("a.npy", json.load(open("a.json")))`}
	object = Kind{Name: "JSON", Text: true, Python: `np.save("a.npy", json.load(open("a.json"))["NAME"])`}
	zip    = Kind{Name: "a zip archive (.npz or .pt?)", Python: `np.save("a.npy", np.load("a.npz")["NAME"])`}
	pickle = Kind{Name: "a Python pickle", Python: `np.save("a.npy", pickle.load(open("a.pkl", "rb")))`}
	tiff   = picture("a TIFF picture")
	heif   = picture("a HEIF picture")
	jp2    = picture("a JPEG 2000 picture")
	nifti  = Kind{Name: "a NIfTI file", Python: `np.save("a.npy", nibabel.load("a.nii.gz").get_fdata())`}

	bigTIFF = Kind{Name: "a BigTIFF picture", Picture: true, Python: ArrayOfTIFF}
)

// ArrayOfTIFF is Python code that saves all that a TIFF file holds as a .npy array.
const ArrayOfTIFF = `np.save("a.npy", tifffile.imread("a.tif"))`

// RGBOf is Python code that saves a picture as RGB.
func RGBOf(name string) string {
	return `PIL.Image.open("` + name + `").convert("RGB").save("a.png")`
}

// kinds lists what is told by its bytes at a fixed place, as file(1) does it. The first that matches counts.
var kinds = []struct {
	at    int
	bytes string
	Kind
}{
	{0, npyMagic, Kind{Name: "a .npy array"}},
	{0, zipMagic, zip},
	{0, emptyZip, zip},
	{0, zstdMagic, packed("zstd data", "zstd -dc")},
	{0, gzipMagic, packed("gzip data", "gzip -dc")},
	{4, "1AY&SY", packed("bzip2 data", "bzip2 -dc")},
	{0, "\xfd7zXZ\x00", packed("xz data", "xz -dc")},
	{0, "\x04\x22\x4d\x18", packed("LZ4 data", "lz4 -dc")},
	{tarPlace, tarMagic, Tar},
	{0, "\x89HDF\r\n\x1a\n", Kind{Name: "an HDF5 file", Python: `np.save("a.npy", h5py.File("a.h5")["NAME"])`}},
	{0, "MATLAB 5", Kind{Name: "a MATLAB file", Python: `np.save("a.npy", scipy.io.loadmat("a.mat")["NAME"].squeeze())`}},
	{0, "SIMPLE  =", Kind{Name: "a FITS file", Python: `np.save("a.npy", astropy.io.fits.getdata("a.fits"))`}},
	{344, "n+1\x00", nifti}, // NIfTI-1: magic
	{4, "n+2\x00\r\n\x1a\n", nifti},
	{128, "DICM", Kind{Name: "a DICOM file", Python: `np.save("a.npy", pydicom.dcmread("a.dcm").pixel_array)`}},
	{3, "\x00\x00\x00\x00\x00{\"", Kind{Name: "a safetensors file", Python: `np.savez("a.npz", **safetensors.numpy.load_file("a.safetensors"))`}},
	{0, "PAR1", Kind{Name: "a Parquet file", Python: `np.save("a.npy", pandas.read_parquet("a.parquet")["NAME"])`}},
	{0, "\x80\x02", pickle},
	{0, "\x80\x03", pickle},
	{0, "\x80\x04", pickle},
	{0, "\x80\x05", pickle},
	{0, "version https://git-lfs", Kind{Name: "a Git LFS pointer", Unpack: "git lfs pull puts the file in its place"}},
	{0, pngMagic, picture("a PNG picture")},
	{0, jpegMagic, picture("a JPEG picture")},
	{0, "GIF8", picture("a GIF picture")},
	{8, "WEBP", picture("a WebP picture")},
	{0, tiffMagic, tiff},
	{0, tiffOther, tiff},
	{0, "II+\x00", bigTIFF},
	{0, "MM\x00+", bigTIFF},
	{4, "ftypavif", picture("an AVIF picture")},
	{4, "ftyphei", heif},
	{4, "ftypmif1", heif},
	{4, "jP  \r\n", jp2},
	{0, "\xff\x4f\xff\x51", jp2},
	{0, "\xff\xfe", UTF16},
	{0, "\xfe\xff", UTF16},
}

// Of returns the kind of a file that starts with head; 512 bytes are enough. ok is false if the kind is unknown.
func Of(head []byte) (kind Kind, ok bool) {
	has := func(at int, bytes string) bool {
		return len(head) >= at+len(bytes) && string(head[at:at+len(bytes)]) == bytes
	}
	for _, k := range kinds {
		if has(k.at, k.bytes) {
			return k.Kind, true
		}
	}
	switch {
	case has(0, "BM") && has(6, "\x00\x00\x00\x00"): // between them lies the size
		return picture("a BMP picture"), true
	case !isText(head):
		return Kind{}, false
	case head[0] == '[':
		return list, true
	case head[0] == '{':
		return object, true
	}
	return text, true
}

// isText reports whether a file that starts with head is text in UTF-8. The last character may be cut.
func isText(head []byte) bool {
	for i := 0; i < len(head); {
		r, size := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && size == 1 {
			return i > 0 && !utf8.FullRune(head[i:])
		}
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) {
			return false
		}
		i += size
	}
	return len(head) > 0
}
