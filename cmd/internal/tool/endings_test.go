package tool

import (
	"strings"
	"testing"

	"backdrop/formats/stream"
)

func TestStreamName(t *testing.T) {
	for name, want := range map[string]string{
		"x.npy":       "-o x.npy has the name of a .npy array, but is a tensor stream; call it .tar.zst, or .tar to have it plain, or else",
		"a.b/x.NPZ":   "-o a.b/x.NPZ has the name of an .npz archive, but is a tensor stream;",
		"x.tar.gz":    "has the name of gzip data",
		"x.tgz":       "has the name of gzip data",
		"x.png":       "has the name of a PNG picture",
		"x.csv":       "has the name of text",
		"x.tar":       "",
		"x.TAR.ZST":   "",
		"x.tzst":      "",
		"x.zst":       "",
		"x":           "",
		"":            "",
		"-":           "",
		"x.pt":        "has the name of a PyTorch file",
		"x.ckpt":      "",
		"x.npy/model": "",
		"x.tar.part":  "",
		"/dev/null":   "",
	} {
		err := StreamName(Name{Flag: "-o", File: name}, ", or else")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	for name, ok := range map[string]bool{"x.npy": true, "x.NPY": true, "x": true, "-": true, "x.npz": false, "x.tar": false, "x.tar.zst": false, "x.csv": false, "x.npy.gz": false} {
		if err := ArrayName(Name{Flag: "--labels", File: name}, ""); (err == nil) != ok {
			t.Errorf("%q as an array: %v", name, err)
		}
	}
}

func TestPictureName(t *testing.T) {
	for name, ok := range map[string]bool{
		"x.png": true, "x.PNG": true, "x.apng": true, "x": true, "": true, "-": true, "/dev/stdout": true, "/dev/fd/3": true, "x.svg/y": true,
		"run-0.5": true, "fine=0.8": true, "x.png.part": true, "x.tmp": true, "2.11.2026": true, "x.": true,
		"x.svg": false, "x.SVG": false, "x.jpg": false, "x.jpeg": false, "x.pdf": false, "x.gif": false, "x.webp": false, "x.tiff": false,
		"x.tar": false, "x.tar.zst": false, "x.npy": false, "x.csv": false, "x.html": false, "x.mp4": false, "a.b/x.eps": false, "x.xyz": false,
	} {
		err := PictureName(Name{Flag: "-o", File: name}, ", or else")
		if (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "-o "+name+": pictures are written as PNG, not as .") || err != nil && !strings.HasSuffix(err.Error(), "; call it .png, or else") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestCompression(t *testing.T) {
	for name, want := range map[string]struct {
		c  stream.Compression
		ok bool
	}{
		"x.tar": {stream.None, true}, "a.zst/x.TAR": {stream.None, true}, "x.tar.zst": {stream.Zstd, true}, "x.zst": {stream.Zstd, true}, "x.tzst": {stream.Zstd, true},
		"x": {stream.Zstd, false}, "": {stream.Zstd, false}, "-": {stream.Zstd, false}, "tar": {stream.Zstd, false}, "x.tar.part": {stream.Zstd, false}, "/dev/stdout": {stream.Zstd, false},
	} {
		if c, ok := Compression(name); c != want.c || ok != want.ok {
			t.Errorf("%q: %v, %v, want %v", name, c, ok, want)
		}
	}
}
