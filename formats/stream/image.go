package stream

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/tiff"

	"backdrop/formats/sniff"
)

// maxExpansion bounds the pixels that a byte of a picture can stand for: deflate expands at most 1032 times (M. Adler,
// zlib's "Technical Details"), to 8 pixels a byte. A picture that claims more is refused.
const maxExpansion = 8 * 1032

// pictureCost times the limit of a member is what decoding a picture may take: once for the float32 values that it becomes,
// and in the decoder at most twice eight bytes for each of these (PNG, grey with alpha, 16 bits, interlaced).
const pictureCost = 6

// signature is the number of bytes that pictureKind needs.
const signature = 8

// pictureKind returns the format of a picture, png, jpeg or tiff, from its first bytes. With 512 of them, the error for
// anything else can say what it is.
func pictureKind(head []byte) (string, error) {
	switch {
	case sniff.IsPNG(head):
		return "png", nil
	case sniff.IsJPEG(head):
		return "jpeg", nil
	case sniff.IsTIFF(head):
		return "tiff", nil
	}
	try := "save it again as one of these"
	kind, ok := sniff.Of(head)
	switch {
	case !ok:
		return "", errors.New("neither PNG, JPEG nor TIFF; " + try)
	case kind.Unpack != "":
		try = kind.Unpack
	case kind.Picture && kind.Python != "":
		try = "make an array of it with " + kind.Python
	}
	return "", fmt.Errorf("neither PNG, JPEG nor TIFF but %s; %s", kind.Name, try)
}

// decoders have the functions that read each format.
var decoders = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	"png":  {png.DecodeConfig, png.Decode},
	"jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"tiff": {tiff.DecodeConfig, tiff.Decode},
}

// decodeImage decodes a PNG, JPEG or TIFF picture, turned as it says, to float32 in [0,1]: grey [H,W], colour [3,H,W].
// These may take at most limit bytes, in memory from floats.
func decodeImage(data []byte, limit int64, floats func(n int) []float32) (shape []int, x []float32, err error) {
	kind, err := pictureKind(data)
	if err != nil {
		return nil, nil, err
	}
	expansion := int64(maxExpansion)
	if kind == "tiff" {
		if expansion, err = checkTIFF(data, limit); err != nil {
			return nil, nil, fmt.Errorf("tiff: %w", err)
		}
	}
	c, err := decoders[kind].config(bytes.NewReader(data))
	if err != nil {
		return nil, nil, pictureError(kind, err)
	}
	channels := 3
	if isGrey(kind, c, data) {
		channels = 1
	}
	w, h := int64(c.Width), int64(c.Height)
	switch {
	case w <= 0 || h <= 0:
		return nil, nil, fmt.Errorf("%s: picture of %d × %d pixels", kind, w, h)
	case w > limit/4/int64(channels)/h:
		return nil, nil, fmt.Errorf("%s: %d × %d pixels are more than %s as float32; scale the picture down first", kind, w, h, sizeText(limit))
	case w > expansion*int64(len(data))/h:
		return nil, nil, fmt.Errorf("%s: %d bytes cannot hold %d × %d pixels", kind, len(data), w, h)
	case c.ColorModel == color.CMYKModel:
		return nil, nil, fmt.Errorf("%s: CMYK is not read; make RGB of it with %s", kind, sniff.RGBOf("a.jpg"))
	}
	rgb, r := kind == "jpeg" && c.ColorModel == color.RGBAModel, io.Reader(bytes.NewReader(data))
	if rgb {
		r = asJFIF(data)
	}
	img, err := decoders[kind].decode(r)
	if err != nil {
		return nil, nil, pictureError(kind, err)
	}
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		return nil, nil, errors.New(kind + ": picture is transparent in places; flatten it on a background and save it again")
	}
	x = floats(channels * int(w*h))
	turn := orientationOf(kind, data)
	planes(x, img, channels, rgb, turn.layout(int(w), int(h)))
	width, height := turn.size(int(w), int(h))
	if channels == 1 {
		return []int{height, width}, x, nil
	}
	return []int{channels, height, width}, x, nil
}

// sizeText is a number of bytes for people.
func sizeText(bytes int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	size, unit := float64(bytes), 0
	for ; size >= 1<<10 && unit < len(units)-1; unit++ {
		size /= 1 << 10
	}
	return fmt.Sprintf("%.4g %s", size, units[unit])
}

// pictureError adds to an error of the decoder which format it is about, unless it says so, and what to do.
func pictureError(kind string, err error) error {
	try := "save it again as PNG, or as JPEG of 8 bits, grey or RGB"
	if strings.HasSuffix(err.Error(), io.ErrUnexpectedEOF.Error()) || strings.HasSuffix(err.Error(), "not enough pixel data") || strings.HasSuffix(err.Error(), "short Huffman data") {
		try = "the picture is cut; get it once more, or save it again"
	}
	if strings.HasPrefix(err.Error(), kind+": ") {
		return fmt.Errorf("%w; %s", err, try)
	}
	return fmt.Errorf("%s: %w; %s", kind, err, try)
}

// isGrey reports whether a picture is grey. Of a PNG it looks at the colour type in the header (ISO/IEC 15948, 11.2.2: 0
// is grey, 4 grey with alpha), because the decoder returns grey with alpha as colour.
func isGrey(kind string, c image.Config, data []byte) bool {
	if kind != "png" {
		return c.ColorModel == color.GrayModel || c.ColorModel == color.Gray16Model
	}
	const colourType = 25
	return data[colourType]&^4 == 0
}

// asJFIF reads an RGB picture in JPEG as one whose header says that it is YCbCr, by a JFIF segment (ITU T.871, 10.1). The
// decoder then leaves its planes as they are; else it would repeat the pixels of planes that are smaller than the picture.
func asJFIF(data []byte) io.Reader {
	const segment = "\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
	const start = 2 // bytes of the marker that starts the image
	return io.MultiReader(bytes.NewReader(data[:start]), strings.NewReader(segment), bytes.NewReader(data[start:]))
}

// planes writes the channels of an opaque picture one after the other, each in the layout l. The planes of a YCbCr picture are
// RGB if rgb says so.
func planes(dst []float32, img image.Image, channels int, rgb bool, l layout) {
	plane := func(c int) []float32 { return dst[c*l.w*l.h : (c+1)*l.w*l.h] }
	switch p := img.(type) {
	case *image.Gray:
		l.spread8(dst, p.Pix, p.Stride, 1, &unit)
	case *image.Gray16:
		l.spread16(dst, p.Pix, p.Stride, 2)
	case *image.RGBA:
		for c := range channels {
			l.spread8(plane(c), p.Pix[c:], p.Stride, 4, &unit)
		}
	case *image.NRGBA:
		for c := range channels {
			l.spread8(plane(c), p.Pix[c:], p.Stride, 4, &unit)
		}
	case *image.RGBA64:
		for c := range channels {
			l.spread16(plane(c), p.Pix[2*c:], p.Stride, 8)
		}
	case *image.NRGBA64:
		for c := range channels {
			l.spread16(plane(c), p.Pix[2*c:], p.Stride, 8)
		}
	case *image.Paletted:
		for c, table := range paletteTables(p.Palette) {
			l.spread8(plane(c), p.Pix, p.Stride, 1, &table)
		}
	case *image.YCbCr:
		if rgb {
			l.spreadRGB(plane(0), plane(1), plane(2), p)
			return
		}
		l.spreadYCbCr(plane(0), plane(1), plane(2), p)
	default:
		panic("stream: unknown colour model")
	}
}

// unit maps a byte to [0,1].
var unit = func() (t [256]float32) {
	for v := range t {
		t[v] = float32(v) / 255
	}
	return t
}()

// spread8 writes one channel, which has a byte every step bytes, through a table.
func (l layout) spread8(dst []float32, pix []byte, stride, step int, table *[256]float32) {
	for y := range l.h {
		row := pix[y*stride:]
		i := l.at + y*l.dy
		for x := range l.w {
			dst[i] = table[row[x*step]]
			i += l.dx
		}
	}
}

// spread16 writes one channel, which has two bytes, big-endian, every step bytes.
func (l layout) spread16(dst []float32, pix []byte, stride, step int) {
	for y := range l.h {
		row := pix[y*stride:]
		i := l.at + y*l.dy
		for x := range l.w {
			dst[i] = float32(binary.BigEndian.Uint16(row[x*step:])) / 65535
			i += l.dx
		}
	}
}

// paletteTables returns a table for each channel of an opaque palette. Colours of 16 bits count by their upper 8; if these are 0
// in all of them, which some writers of TIFF have taken for colours of 8 bits, by their lower 8 (tif_getimage.c of libtiff,
// checkcmap).
func paletteTables(p color.Palette) (t [3][256]float32) {
	shift := 0
	for _, c := range p {
		if r, g, b, _ := c.RGBA(); r|g|b > 0xff {
			shift = 8
		}
	}
	for i, c := range p {
		r, g, b, _ := c.RGBA()
		t[0][i], t[1][i], t[2][i] = unit[r>>shift], unit[g>>shift], unit[b>>shift]
	}
	return t
}
