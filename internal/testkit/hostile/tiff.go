package hostile

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Page is a picture in a TIFF file.
type Page struct {
	W, H   int
	Tags   map[uint16][]uint32 // besides those of an uncompressed grey picture of 8 bits, or instead of them; nil takes one out
	Text   string              // the description, tag 270
	Blocks []string            // the bytes of each strip, or of each tile if the tags have its size, 322 and 323
}

// order is the order of bytes in a file.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// TIFF returns a TIFF file of these pages, one directory each, in that order of bytes.
func TIFF(by order, pages ...Page) []byte {
	mark := "II"
	if by.Uint16([]byte{0, 1}) == 1 {
		mark = "MM"
	}
	b := by.AppendUint16([]byte(mark), 42)
	link := len(b) // where the place of the next directory goes
	b = by.AppendUint32(b, 0)
	for _, p := range pages {
		var places, sizes []uint32
		for _, block := range p.Blocks {
			places, sizes = append(places, uint32(len(b))), append(sizes, uint32(len(block)))
			b = append(b, block...)
			if len(b)%2 > 0 {
				b = append(b, 0)
			}
		}
		tags := map[uint16][]uint32{256: {uint32(p.W)}, 257: {uint32(p.H)}, 258: {8}, 259: {1}, 262: {1}, 277: {1}}
		if p.Tags[322] != nil {
			tags[324], tags[325] = places, sizes
		} else {
			tags[273], tags[278], tags[279] = places, []uint32{uint32(p.H)}, sizes
		}
		if p.Text != "" {
			tags[270] = nil
		}
		for tag, values := range p.Tags {
			if tags[tag] = values; values == nil {
				delete(tags, tag)
			}
		}
		b, link = directory(by, b, link, tags, p.Text)
	}
	return b
}

// directory appends a directory, and the values that do not fit into it, and says where the place of the next one goes.
func directory(by order, b []byte, link int, tags map[uint16][]uint32, text string) ([]byte, int) {
	const ascii, short, long, description, colorMap = 2, 3, 4, 270, 320
	var entries []byte
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		values, kind := tags[tag], uint16(long)
		var data []byte
		switch {
		case tag == description:
			kind, data = ascii, append([]byte(text), 0)
		case tag == colorMap || len(values) > 0 && len(values) < 64 && slices.Max(values) < 1<<16:
			kind = short
			for _, v := range values {
				data = by.AppendUint16(data, uint16(v))
			}
		default:
			for _, v := range values {
				data = by.AppendUint32(data, v)
			}
		}
		n := len(values)
		if tag == description {
			n = len(data)
		}
		entries = by.AppendUint32(by.AppendUint16(by.AppendUint16(entries, tag), kind), uint32(n))
		if len(data) > 4 {
			entries = by.AppendUint32(entries, uint32(len(b)))
			b = append(b, data...)
			continue
		}
		entries = append(append(entries, data...), make([]byte, 4-len(data))...)
	}
	if len(b)%2 > 0 {
		b = append(b, 0)
	}
	by.PutUint32(b[link:], uint32(len(b)))
	b = append(by.AppendUint16(b, uint16(len(tags))), entries...)
	link = len(b)
	return by.AppendUint32(b, 0), link
}

// circle returns a TIFF file whose second directory, of a smaller copy, is followed by itself.
func circle() []byte {
	page := Page{W: 1, H: 1, Blocks: []string{"\x00"}}
	first := len(TIFF(binary.LittleEndian, page))
	page.Tags = map[uint16][]uint32{254: {1}}
	data := TIFF(binary.LittleEndian, Page{W: 1, H: 1, Blocks: page.Blocks}, page)
	binary.LittleEndian.PutUint32(data[len(data)-4:], binary.LittleEndian.Uint32(data[first-4:]))
	return data
}
