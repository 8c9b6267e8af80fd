package tool

import (
	"path/filepath"
	"strings"

	"backdrop/formats/stream"
)

// endings says what a file with that ending of its name should be.
var endings = map[string]string{
	".npy": "a .npy array", ".npz": "an .npz archive", ".zip": "a zip archive",
	".tar": "a tensor stream", ".tzst": "a tensor stream", ".zst": "a tensor stream",
	".gz": "gzip data", ".tgz": "gzip data", ".bz2": "bzip2 data", ".tbz": "bzip2 data", ".tbz2": "bzip2 data", ".xz": "xz data", ".txz": "xz data", ".lz4": "LZ4 data",
	".png": "a PNG picture", ".jpg": "a JPEG picture", ".jpeg": "a JPEG picture", ".svg": "an SVG picture", ".gif": "a GIF picture",
	".webp": "a WebP picture", ".tif": "a TIFF picture", ".tiff": "a TIFF picture", ".bmp": "a BMP picture", ".pdf": "a PDF document",
	".pt": "a PyTorch file", ".pth": "a PyTorch file", ".pkl": "a Python pickle", ".h5": "an HDF5 file", ".xlsx": "an Excel file",
	".onnx": "an ONNX model", ".safetensors": "a safetensors file",
	".csv": "text", ".tsv": "text", ".txt": "text", ".json": "JSON", ".jsonl": "JSON",
}

// ending returns the ending of a name, in lower case.
func ending(name string) string { return strings.ToLower(filepath.Ext(name)) }

// StreamName refuses an output for a tensor stream whose name says that it is something else. Names that say nothing are
// accepted. try is added to the error: another way to get what the name says.
func StreamName(n Name, try string) error {
	return n.promises("a tensor stream", "call it .tar.zst, or .tar to have it plain"+try)
}

// ArrayName is StreamName for an output that is a .npy array.
func ArrayName(n Name, try string) error { return n.promises("a .npy array", "call it .npy"+try) }

// PictureName refuses an output for a picture whose name ends otherwise than in .png, as that of another kind of file would. A
// name without an ending is accepted, and one of a file that gets another name later. try is added to the error: another way
// to get what the name says.
func PictureName(n Name, try string) error {
	switch end := ending(n.File); {
	case end == ".png", end == ".apng", end == ".part", end == ".tmp", !wordLike(end):
		return nil
	default:
		return Usagef("%s %s: pictures are written as PNG, not as %s; call it .png%s", n.Flag, n.File, end, try)
	}
}

// wordLike reports whether the ending of a name says what the file is: it is a few letters, or digits behind them. That of
// run-0.5 is not.
func wordLike(ending string) bool {
	if len(ending) < 2 || len(ending) > 6 || ending[1] >= '0' && ending[1] <= '9' {
		return false
	}
	return !strings.ContainsFunc(ending[1:], func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
}

// FileName is StreamName for an output that is what; try says what to call it.
func FileName(n Name, what, try string) error { return n.promises(what, try) }

// promises returns an error if a name says that the file is something other than what.
func (n Name) promises(what, try string) error {
	if other := endings[ending(n.File)]; other != "" && other != what {
		return Usagef("%s %s has the name of %s, but is %s; %s", n.Flag, n.File, other, what, try)
	}
	return nil
}

// Compression returns the compression that the name of a tensor stream says: none for .tar, zstd for .tar.zst, .tzst and
// .zst. For other names ok is false, and the compression is zstd.
func Compression(name string) (c stream.Compression, ok bool) {
	switch ending(name) {
	case ".tar":
		return stream.None, true
	case ".zst", ".tzst":
		return stream.Zstd, true
	}
	return stream.Zstd, false
}
