package hostile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// File is a member of a zip archive; Claim, unless 0, is the size that the directory gives it.
type File struct {
	Name  string
	Data  string
	Claim uint64
}

// Zip packs files with deflate.
func Zip(files ...File) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		packed := deflate(f.Data)
		size := f.Claim
		if size == 0 {
			size = uint64(len(f.Data))
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(f.Data)),
			CompressedSize64: uint64(len(packed)), UncompressedSize64: size})
		if err == nil {
			_, err = w.Write(packed)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Overlapping is an archive whose members x.npy, 1.npy, 2.npy, … all are the same bytes of the file: the one local header
// and its n bytes of zeros behind a .npy header (D. Fifield, "A better zip bomb", WOOT 2019).
func Overlapping(members, n int) []byte {
	names := []string{"x.npy"}
	for i := 1; i < members; i++ {
		names = append(names, string(rune('a'+i%26))+".npy")
	}
	one := Zip(File{Name: names[0], Data: NPY("'|u1'", "(1, 1)", strings.Repeat("\x00", n))})
	at := bytes.Index(one, []byte("PK\x01\x02"))
	entry := one[at:bytes.Index(one, []byte("PK\x05\x06"))]
	b := bytes.Clone(one[:at])
	for _, name := range names {
		e := bytes.Clone(entry)
		copy(e[46:], name) // APPNOTE.TXT 4.3.12; all names have five bytes
		b = append(b, e...)
	}
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = binary.LittleEndian.AppendUint16(end, uint16(members))
	end = binary.LittleEndian.AppendUint16(end, uint16(members))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(b)-at))
	end = binary.LittleEndian.AppendUint32(end, uint32(at))
	return append(b, append(end, 0, 0)...)
}

func deflate(data string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(data))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}
