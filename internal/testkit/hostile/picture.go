package hostile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
)

// PNG returns a picture (ISO/IEC 15948) with these rows, each with its filter byte, and with more chunks before them.
func PNG(w, h int, depth, colourType byte, rows string, chunks ...string) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write([]byte(rows))
	z.Close()
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind, data string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
		b = append(b, kind+data...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+data)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	chunk("IHDR", string(head)+string([]byte{depth, colourType, 0, 0, 0}))
	for _, c := range chunks {
		chunk(c[:4], c[4:])
	}
	chunk("IDAT", packed.String())
	chunk("IEND", "")
	return b
}

// JPEG returns a picture of 8 × 8 grey pixels that claims to have w × h.
func JPEG(w, h uint16) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		panic(err)
	}
	data := b.Bytes()
	at := bytes.Index(data, []byte{0xff, 0xc0}) // SOF0: length, precision, height, width (ITU T.81, B.2.2)
	binary.BigEndian.PutUint16(data[at+5:], h)
	binary.BigEndian.PutUint16(data[at+7:], w)
	return data
}
