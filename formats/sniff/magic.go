package sniff

// The magics of the formats that are read.
const (
	npyMagic  = "\x93NUMPY"         // NEP 1
	zipMagic  = "PK\x03\x04"        // APPNOTE.TXT 4.3.7
	emptyZip  = "PK\x05\x06"        // APPNOTE.TXT 4.3.16
	zstdMagic = "\x28\xb5\x2f\xfd"  // RFC 8878, 3.1.1
	tarMagic  = "ustar"             // POSIX.1-1988 ustar
	tarPlace  = 257                 // where that stands in the first header
	pngMagic  = "\x89PNG\r\n\x1a\n" // ISO/IEC 15948, 5.2
	jpegMagic = "\xff\xd8\xff"      // ITU T.81, B.1.1.3: SOI, and the first byte of a marker
	gzipMagic = "\x1f\x8b"          // RFC 1952, 2.3.1
	tiffMagic = "II*\x00"           // TIFF 6.0, section 2: little-endian
	tiffOther = "MM\x00*"           // big-endian
)

// starts reports whether head starts with a magic.
func starts(head []byte, magic string) bool {
	return len(head) >= len(magic) && string(head[:len(magic)]) == magic
}

// IsNPY reports whether a file that starts with head is a .npy array.
func IsNPY(head []byte) bool { return starts(head, npyMagic) }

// IsZip reports whether a file that starts with head is a zip archive.
func IsZip(head []byte) bool { return starts(head, zipMagic) || starts(head, emptyZip) }

// IsZstd reports whether a file that starts with head is zstd data: a frame, or a skippable frame (RFC 8878, 3.1.1 and
// 3.1.2). Four bytes are enough.
func IsZstd(head []byte) bool {
	skippable := len(head) >= 4 && head[0]&0xf0 == 0x50 && starts(head[1:], "\x2a\x4d\x18")
	return skippable || starts(head, zstdMagic)
}

// IsGzip reports whether a file that starts with head is gzip data.
func IsGzip(head []byte) bool { return starts(head, gzipMagic) }

// IsTar reports whether a file that starts with head is a tar archive of a format that has a magic. It takes a block of
// 512 bytes to tell.
func IsTar(head []byte) bool { return len(head) > tarPlace && starts(head[tarPlace:], tarMagic) }

// IsPNG reports whether a file that starts with head is a PNG picture.
func IsPNG(head []byte) bool { return starts(head, pngMagic) }

// IsJPEG reports whether a file that starts with head is a JPEG picture.
func IsJPEG(head []byte) bool { return starts(head, jpegMagic) }

// IsTIFF reports whether a file that starts with head is a TIFF picture. BigTIFF is another format.
func IsTIFF(head []byte) bool { return starts(head, tiffMagic) || starts(head, tiffOther) }
