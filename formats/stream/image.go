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
	"strings"
)

// maxExpansion is how many pixels a byte of a picture can stand for, and a little more: deflate expands at most 1032
// times (M. Adler, zlib's "Technical Details"), to 8 pixels a byte. What a picture claims beyond that is not believed.
const maxExpansion = 8 * 1032

// pictureCost is how many times the limit of a member a picture may take while it is decoded: once for the float32 that it
// becomes, and at most twice eight bytes for each of these in the decoder (PNG, grey with alpha, 16 bits, interlaced).
const pictureCost = 6

// signature is how many bytes pictureKind needs.
const signature = 8

// pictureKind tells by the first bytes (ISO/IEC 15948, 5.2; ITU T.81, B.1.1.3: SOI, and the first byte of a marker).
func pictureKind(head []byte) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "png", nil
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "jpeg", nil
	}
	return "", errors.New("neither PNG nor JPEG")
}

// decodeImage returns a PNG or JPEG picture as float32 in [0,1]: grey [H,W], colour [3,H,W]. Memory for them is floats'.
func decodeImage(data []byte, limit int64, floats func(n int) []float32) (shape []int, x []float32, err error) {
	kind, err := pictureKind(data)
	if err != nil {
		return nil, nil, err
	}
	read, readConfig := png.Decode, png.DecodeConfig
	if kind == "jpeg" {
		read, readConfig = jpeg.Decode, jpeg.DecodeConfig
	}
	c, err := readConfig(bytes.NewReader(data))
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
		return nil, nil, fmt.Errorf("%s: %d × %d pixels are more than %d bytes as float32", kind, w, h, limit)
	case w > maxExpansion*int64(len(data))/h:
		return nil, nil, fmt.Errorf("%s: %d bytes cannot hold %d × %d pixels", kind, len(data), w, h)
	}
	img, err := read(bytes.NewReader(data))
	if err != nil {
		return nil, nil, pictureError(kind, err)
	}
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		return nil, nil, errors.New(kind + ": picture is transparent in places; flatten it on a background first")
	}
	x = floats(channels * int(w*h))
	if err := planes(x, img, channels); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", kind, err)
	}
	if channels == 1 {
		return []int{int(h), int(w)}, x, nil
	}
	return []int{channels, int(h), int(w)}, x, nil
}

// pictureError says which format err is about; image/png says so itself, but not always.
func pictureError(kind string, err error) error {
	if strings.HasPrefix(err.Error(), kind+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", kind, err)
}

// isGrey tells by the colour type of a PNG header (ISO/IEC 15948, 11.2.2: 0 is grey, 4 grey with alpha), because the
// decoder returns grey with alpha as colour.
func isGrey(kind string, c image.Config, data []byte) bool {
	if kind == "jpeg" {
		return c.ColorModel == color.GrayModel
	}
	const colourType = 25
	return data[colourType]&^4 == 0
}

// planes writes the channels of an opaque picture one after the other.
func planes(dst []float32, img image.Image, channels int) error {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	plane := func(c int) []float32 { return dst[c*w*h : (c+1)*w*h] }
	switch p := img.(type) {
	case *image.Gray:
		spread8(dst, p.Pix, p.Stride, 1, w, &unit)
	case *image.Gray16:
		spread16(dst, p.Pix, p.Stride, 2, w)
	case *image.RGBA:
		for c := range channels {
			spread8(plane(c), p.Pix[c:], p.Stride, 4, w, &unit)
		}
	case *image.NRGBA:
		for c := range channels {
			spread8(plane(c), p.Pix[c:], p.Stride, 4, w, &unit)
		}
	case *image.RGBA64:
		for c := range channels {
			spread16(plane(c), p.Pix[2*c:], p.Stride, 8, w)
		}
	case *image.NRGBA64:
		for c := range channels {
			spread16(plane(c), p.Pix[2*c:], p.Stride, 8, w)
		}
	case *image.Paletted:
		for c, table := range paletteTables(p.Palette) {
			spread8(plane(c), p.Pix, p.Stride, 1, w, &table)
		}
	case *image.YCbCr:
		spreadYCbCr(plane(0), plane(1), plane(2), p, w)
	default:
		return errors.New("CMYK is not read; convert the picture to RGB")
	}
	return nil
}

// unit maps a byte to [0,1].
var unit = func() (t [256]float32) {
	for v := range t {
		t[v] = float32(v) / 255
	}
	return t
}()

// spread8 takes one channel through a table: a byte every step bytes.
func spread8(dst []float32, pix []byte, stride, step, w int, table *[256]float32) {
	for row := 0; len(dst) > 0; row += stride {
		for x := range w {
			dst[x] = table[pix[row+x*step]]
		}
		dst = dst[w:]
	}
}

// spread16 takes one channel: two bytes, big-endian, every step bytes.
func spread16(dst []float32, pix []byte, stride, step, w int) {
	for row := 0; len(dst) > 0; row += stride {
		for x := range w {
			dst[x] = float32(binary.BigEndian.Uint16(pix[row+x*step:])) / 65535
		}
		dst = dst[w:]
	}
}

// paletteTables returns a table for each channel of an opaque palette.
func paletteTables(p color.Palette) (t [3][256]float32) {
	for i, c := range p {
		r, g, b, _ := c.RGBA()
		t[0][i], t[1][i], t[2][i] = unit[r>>8], unit[g>>8], unit[b>>8]
	}
	return t
}

func spreadYCbCr(r, g, b []float32, p *image.YCbCr, w int) {
	for i := range r {
		c := p.YCbCrAt(i%w, i/w)
		red, green, blue := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
		r[i], g[i], b[i] = unit[red], unit[green], unit[blue]
	}
}
