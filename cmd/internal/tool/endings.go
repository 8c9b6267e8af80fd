package tool

import (
	"path/filepath"
	"strings"

	"backdrop/formats/stream"
)

// endings say what a file of that name is.
var endings = map[string]string{
	".npy": "a .npy array", ".npz": "an .npz archive", ".zip": "a zip archive",
	".tar": "a tensor stream", ".tzst": "a tensor stream", ".zst": "a tensor stream",
	".gz": "gzip data", ".tgz": "gzip data", ".bz2": "bzip2 data", ".tbz": "bzip2 data", ".tbz2": "bzip2 data", ".xz": "xz data", ".txz": "xz data", ".lz4": "LZ4 data",
	".png": "a PNG picture", ".jpg": "a JPEG picture", ".jpeg": "a JPEG picture",
	".csv": "text", ".tsv": "text", ".txt": "text", ".json": "JSON", ".jsonl": "JSON",
}

func ending(name string) string { return strings.ToLower(filepath.Ext(name)) }

// StreamName refuses the name of an output that says it is something else than a tensor stream. Names that say nothing are
// welcome. try ends the line, if there is another way to what the name says.
func StreamName(n Name, try string) error {
	return n.promises("a tensor stream", "call it .tar.zst, or .tar to have it plain"+try)
}

// ArrayName refuses the name of an output that says it is something else than a .npy array.
func ArrayName(n Name, try string) error { return n.promises("a .npy array", "call it .npy"+try) }

func (n Name) promises(what, try string) error {
	if other := endings[ending(n.File)]; other != "" && other != what {
		return Usagef("%s %s has the name of %s, but is %s; %s", n.Flag, n.File, other, what, try)
	}
	return nil
}

// Compression is what the name of a tensor stream says of it: plain for .tar, zstd for .tar.zst, .tzst and .zst. Where it
// says nothing, ok is false, and the stream is compressed.
func Compression(name string) (c stream.Compression, ok bool) {
	switch ending(name) {
	case ".tar":
		return stream.None, true
	case ".zst", ".tzst":
		return stream.Zstd, true
	}
	return stream.Zstd, false
}
