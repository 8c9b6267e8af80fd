package sniff

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct{ head, want string }{
		{"\x93NUMPY\x01\x00", "a .npy array"},
		{"PK\x03\x04\x14\x00", "a zip archive (.npz or .pt?)"},
		{"\x1f\x8b\x08\x00", "gzip data"},
		{"BZh91AY&SY\x00", "bzip2 data"},
		{"BZhang,1\n", "text"},
		{"\xfd7zXZ\x00", "xz data"},
		{"\x28\xb5\x2f\xfd\x00", "zstd data"},
		{string(make([]byte, 257)) + "ustar", "a tar archive"},
		{string(make([]byte, 257)) + "usta", ""},
		{"\x89HDF\r\n\x1a\n", "an HDF5 file"},
		{"MATLAB 5.0 MAT-file", "a MATLAB file"},
		{"SIMPLE  =                    T", "a FITS file"},
		{"\x50\x00\x00\x00\x00\x00\x00\x00{\"a\":", "a safetensors file"},
		{"\x80\x04\x95", "a Python pickle"},
		{"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"},
		{"\x89PNG\r\n\x1a\n", "a PNG picture"},
		{"\xff\xd8\xff\xe0", "a JPEG picture"},
		{"GIF89a", "a GIF picture"},
		{"RIFF\x00\x10\x00\x00WEBPVP8 ", "a WebP picture"},
		{"BM\x36\x10\x00\x00\x00\x00\x00\x00", "a BMP picture"},
		{"BMI,age\n22,40\n", "text"},
		{"II*\x00\x08", "a TIFF picture"},
		{"MM\x00*\x00", "a TIFF picture"},
		{"II+\x00\x08\x00", "a BigTIFF picture"},
		{"MM\x00+\x00\x08", "a BigTIFF picture"},
		{"\x5c\x01\x00\x00" + string(make([]byte, 340)) + "n+1\x00", "a NIfTI file"},
		{"\x1c\x02\x00\x00n+2\x00\r\n\x1a\n", "a NIfTI file"},
		{string(make([]byte, 128)) + "DICM", "a DICOM file"},
		{"\x00\x00\x00\x18ftypheic", "a HEIF picture"},
		{"\x00\x00\x00\x18ftypavif", "an AVIF picture"},
		{"\xff\xfe1\x00", "text in UTF-16"},
		{"1\n", "text"},
		{"\xef\xbb\xbf0,1\r\n", "text"},
		{"żółw\xc5", "text"}, // its last character is cut
		{"żółw\xc5!", ""},
		{"[0, 1]", "JSON"},
		{`{"value": 1}`, "JSON"},
		{"", ""},
		{"\x00\x01", ""},
		{"\x1b[2J", ""},
	} {
		if kind, ok := Of([]byte(c.head)); kind.Name != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q, %v, want %q", c.head, kind.Name, ok, c.want)
		}
	}
}

// Each of the formats that are read is told by its own magic and by no other.
func TestIs(t *testing.T) {
	tests := []struct {
		name string
		is   func([]byte) bool
		yes  []string
	}{
		{"NPY", IsNPY, []string{"\x93NUMPY\x01\x00"}},
		{"zip", IsZip, []string{"PK\x03\x04\x14", "PK\x05\x06"}},
		{"zstd", IsZstd, []string{"\x28\xb5\x2f\xfd", "\x50\x2a\x4d\x18", "\x5f\x2a\x4d\x18rest"}},
		{"tar", IsTar, []string{strings.Repeat("x", 257) + "ustar"}},
		{"PNG", IsPNG, []string{"\x89PNG\r\n\x1a\n"}},
		{"JPEG", IsJPEG, []string{"\xff\xd8\xff\xe0"}},
		{"gzip", IsGzip, []string{"\x1f\x8b\x08\x00"}},
		{"TIFF", IsTIFF, []string{"II*\x00\x08", "MM\x00*\x00"}},
	}
	for _, c := range tests {
		for _, other := range tests {
			for _, head := range other.yes {
				if got, want := c.is([]byte(head)), c.name == other.name; got != want {
					t.Errorf("is %q %s: %v", head, c.name, got)
				}
			}
		}
		for _, head := range []string{"", "P", "\x60\x2a\x4d\x18", "\x50\x2a\x4d", "\x93NUMP", "PK\x03", "\xff\xd8", strings.Repeat("x", 257), strings.Repeat("x", 256) + "ustar"} {
			if c.is([]byte(head)) {
				t.Errorf("is %q %s: true", head, c.name)
			}
		}
	}
}
