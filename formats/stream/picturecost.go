package stream

import (
	"bytes"
	"image"
	"image/color"
)

// decoderBytes is what decoding a picture takes besides its values: the decoder's own pixels, twice for a while if they are
// interlaced, of a JPEG in several scans all coefficients, and of a TIFF a strip as it comes out of decompression.
func decoderBytes(data []byte) int64 {
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0
	}
	pixel := int64(1) // grey, palette
	switch c.ColorModel {
	case color.Gray16Model:
		pixel = 2
	case color.RGBAModel, color.NRGBAModel:
		pixel = 4
	case color.RGBA64Model, color.NRGBA64Model:
		pixel = 8
	case color.YCbCrModel:
		pixel = 3
	}
	const interlace = 28 // of a PNG (ISO/IEC 15948, 11.2.2)
	switch {
	case kind == "jpeg" && bytes.Contains(data, []byte{0xff, 0xc2}): // SOF2 (ITU T.81, B.2.2), or what looks like it
		pixel += 4 * pixel
	case kind == "png" && data[interlace] != 0:
		pixel *= 2
	case kind == "tiff": // all may be one strip, and its buffer grows
		pixel *= 3
	}
	return pixel * int64(c.Width) * int64(c.Height)
}
