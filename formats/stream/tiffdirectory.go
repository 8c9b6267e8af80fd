package stream

import (
	"encoding/binary"
	"errors"
)

// Tags of TIFF 6.0 (section 8 and those that it refers to), and ImageDepth of SGI's TIFF extensions.
const (
	newSubfileType  = 254
	subfileType     = 255
	imageWidth      = 256
	imageLength     = 257
	bitsPerSample   = 258
	compression     = 259
	photometric     = 262
	fillOrder       = 266
	description     = 270
	stripOffsets    = 273
	samplesPerPixel = 277
	rowsPerStrip    = 278
	stripByteCounts = 279
	planarConfig    = 284
	predictor       = 317
	colorMap        = 320
	tileWidth       = 322
	tileLength      = 323
	tileOffsets     = 324
	tileByteCounts  = 325
	extraSamples    = 338
	sampleFormat    = 339
	imageDepth      = 32997
)

// directory is what a TIFF file says about one of its pictures.
type directory struct {
	data  []byte // the file
	order binary.ByteOrder
	at    int // where its entries are
	n     int // their number
}

// entrySize is the number of bytes of an entry: tag, type, number of values, and these or where they are.
const entrySize = 12

// firstDirectory returns that of the first picture.
func firstDirectory(data []byte) (directory, error) {
	d := directory{data: data, order: binary.LittleEndian}
	if data[0] == 'M' {
		d.order = binary.BigEndian
	}
	if len(data) < 8 {
		return d, errCutTIFF
	}
	return d.other(d.order.Uint32(data[4:]))
}

var errCutTIFF = errors.New("the picture is cut; get it once more, or save it again")

// other returns the directory at another place of the file.
func (d directory) other(at uint32) (directory, error) {
	if int64(at) > int64(len(d.data)-2) {
		return d, errCutTIFF
	}
	d.at, d.n = int(at)+2, int(d.order.Uint16(d.data[at:]))
	if d.n*entrySize > len(d.data)-d.at {
		return d, errCutTIFF
	}
	return d, nil
}

// next returns where the directory of the next picture is; 0 if there is none.
func (d directory) next() uint32 {
	end := d.at + d.n*entrySize
	if end > len(d.data)-4 {
		return 0
	}
	return d.order.Uint32(d.data[end:])
}

// field returns the values of a tag as they stand in the file, the bytes of each, and how many there are: 0 if there are none,
// or if they are not all there or not numbers or text.
func (d directory) field(tag uint16) (values []byte, size, n int) {
	sizes := [...]int{1: 1, 2: 1, 3: 2, 4: 4, 13: 4} // bytes, text, short, long, IFD
	for i := range d.n {
		entry := d.data[d.at+i*entrySize:][:entrySize]
		kind := d.order.Uint16(entry[2:])
		if d.order.Uint16(entry) != tag || int(kind) >= len(sizes) || sizes[kind] == 0 {
			continue
		}
		size, n := sizes[kind], int64(d.order.Uint32(entry[4:]))
		if n*int64(size) <= 4 {
			return entry[8:], size, int(n)
		}
		at := int64(d.order.Uint32(entry[8:]))
		if at+n*int64(size) > int64(len(d.data)) {
			return nil, size, 0
		}
		return d.data[at : at+n*int64(size)], size, int(n)
	}
	return nil, 0, 0
}

// value returns value i of a field.
func (d directory) value(values []byte, size, i int) uint32 {
	switch size {
	case 1:
		return uint32(values[i])
	case 2:
		return uint32(d.order.Uint16(values[2*i:]))
	}
	return d.order.Uint32(values[4*i:])
}

// first returns the first value of a tag, or what it is where there is none.
func (d directory) first(tag uint16, otherwise int64) int64 {
	values, size, n := d.field(tag)
	if n == 0 {
		return otherwise
	}
	return int64(d.value(values, size, 0))
}

// count returns the number of values of a tag.
func (d directory) count(tag uint16) int {
	_, _, n := d.field(tag)
	return n
}
