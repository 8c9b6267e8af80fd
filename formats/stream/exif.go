package stream

import (
	"bytes"
	"encoding/binary"
)

// orientation says how a picture has to be turned, by its EXIF data (CIPA DC-008, tag 0x0112): 1 not at all, 2 mirrored
// from left to right, 3 turned by 180°, 4 mirrored from top to bottom, 5 transposed, 6 turned by 90° clockwise, 7 transposed
// about the other diagonal, 8 turned by 90° anticlockwise. It is 1 where EXIF data are damaged or missing.
type orientation int

// orientationOf finds the orientation of a PNG, JPEG or TIFF picture.
func orientationOf(kind string, data []byte) orientation {
	switch kind {
	case "jpeg":
		data = jpegEXIF(data)
	case "png":
		data = pngEXIF(data)
	}
	return tiffOrientation(data)
}

// jpegEXIF returns the EXIF data of a JPEG picture: the first APP1 segment that starts as such, before the first scan
// (CIPA DC-008, 4.7.2; ITU T.81, B.1.1).
func jpegEXIF(data []byte) []byte {
	const app1, startOfScan, startOfImage, restart0, temporary = 0xe1, 0xda, 0xd8, 0xd0, 0x01
	const name = "Exif\x00\x00"
	for len(data) >= 4 {
		marker := data[1]
		switch {
		case data[0] != 0xff || marker == startOfScan:
			return nil
		case marker == 0xff: // fill
			data = data[1:]
			continue
		case marker == temporary || marker >= restart0 && marker <= startOfImage:
			data = data[2:]
			continue
		}
		size := 2 + int(binary.BigEndian.Uint16(data[2:]))
		if size < 4 || size > len(data) {
			return nil
		}
		if segment := data[4:size]; marker == app1 && bytes.HasPrefix(segment, []byte(name)) {
			return segment[len(name):]
		}
		data = data[size:]
	}
	return nil
}

// pngEXIF returns the EXIF data of a PNG picture, its chunk eXIf (ISO/IEC 15948, 5.3; PNG, third edition, 11.3.4.3).
func pngEXIF(data []byte) []byte {
	const around = 12 // bytes of length, name and checksum
	data = data[signature:]
	for len(data) >= around {
		size := int64(binary.BigEndian.Uint32(data))
		if size > int64(len(data)-around) {
			return nil
		}
		if string(data[4:8]) == "eXIf" {
			return data[8 : 8+size]
		}
		data = data[around+size:]
	}
	return nil
}

// tiffOrientation finds the tag in the first directory of a TIFF file (TIFF 6.0, section 2), which EXIF data are, too.
func tiffOrientation(data []byte) orientation {
	const tag, byteType, shortType, longType, entrySize = 0x0112, 1, 3, 4, 12
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")):
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(data) < 8 {
		return 1
	}
	at := int64(order.Uint32(data[4:]))
	if at > int64(len(data)-2) {
		return 1
	}
	entries := data[at+2:]
	for range order.Uint16(data[at:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tag {
			value := uint32(0)
			switch order.Uint16(entries[2:]) {
			case byteType:
				value = uint32(entries[8])
			case shortType:
				value = uint32(order.Uint16(entries[8:]))
			case longType:
				value = order.Uint32(entries[8:])
			}
			if value < 1 || value > 8 {
				return 1
			}
			return orientation(value)
		}
		entries = entries[entrySize:]
	}
	return 1
}

// layout says where the pixels of a picture of w × h go: pixel x of row y to at + x·dx + y·dy.
type layout struct{ w, h, at, dx, dy int }

// layout returns the layout that turns a picture of w × h, to rows that follow one another.
func (o orientation) layout(w, h int) layout {
	n := w * h
	return [...]layout{
		{w, h, 0, 1, w},
		{w, h, w - 1, -1, w},
		{w, h, n - 1, -1, -w},
		{w, h, n - w, 1, -w},
		{w, h, 0, h, 1},
		{w, h, h - 1, h, -1},
		{w, h, n - 1, -h, -1},
		{w, h, n - h, -h, 1},
	}[o-1]
}

// size returns the width and the height of the turned picture.
func (o orientation) size(w, h int) (int, int) {
	if o > 4 {
		return h, w
	}
	return w, h
}
