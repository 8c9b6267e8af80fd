package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"backdrop/formats/sniff"
)

// Values of photometric and of compression.
const (
	whiteIsZero, blackIsZero, rgbColours, palette = 0, 1, 2, 3

	notPacked, lzw, deflate, packBits, oldDeflate = 1, 5, 8, 32773, 32946
)

// reduced reports whether a picture is a smaller copy of another one.
func (d directory) reduced() bool {
	return d.first(newSubfileType, 0)&1 != 0 || d.first(subfileType, 1) == 2
}

// checkTIFF returns an error for a TIFF picture that package x/image/tiff would not read, or would read as something else than
// it is, or for more memory than pictureCost; and how many pixels a byte of it can stand for.
func checkTIFF(data []byte, limit int64) (expansion int64, err error) {
	d, err := firstDirectory(data)
	if err != nil {
		return 0, err
	}
	if err := d.one(); err != nil {
		return 0, err
	}
	if what, way := d.unread(); what != "" {
		return 0, fmt.Errorf("%s not read; %s", what, way)
	}
	return d.expansion(), d.checkBlocks(limit)
}

// orStream names what makes one tar of many files, which says what their axes are.
const orStream = ", or a tar of all files with examples/convert/from_tiff.py"

// one returns an error unless the file is one picture: others in it are smaller copies, which come after it.
func (d directory) one() error {
	const volume = "a stack is an array [D,H,W]: " + sniff.ArrayOfTIFF + orStream
	if d.reduced() {
		return errors.New("the first page is a smaller copy of another picture; make an array of that with " + sniff.ArrayOfTIFF)
	}
	if n := d.stack(); n > 1 {
		return fmt.Errorf("%d pages, not one picture; %s", n, volume)
	}
	const most = 100 // levels, of which each has a quarter of the pixels at most; a loop has no end
	pages := d
	for range most {
		at := pages.next()
		if at == 0 {
			return nil
		}
		var err error
		if pages, err = d.other(at); err != nil {
			return err
		}
		if !pages.reduced() {
			return errors.New("more than one page, not one picture; " + volume)
		}
	}
	return fmt.Errorf("more than %d pages, not one picture; %s", most, volume)
}

// stack returns the number of pages in a picture by what ImageJ, tifffile and SGI's extensions say: those behind the first have
// no directory of their own.
func (d directory) stack() int {
	const most = 4 << 10 // bytes of the text that are looked at
	text, _, _ := d.field(description)
	about := strings.TrimRight(string(text[:min(len(text), most)]), "\x00")
	var shaped struct{ Shape []float64 }
	switch {
	case strings.HasPrefix(about, "ImageJ="):
		_, rest, _ := strings.Cut(about, "\nimages=")
		number, _, _ := strings.Cut(rest, "\n")
		if n, err := strconv.Atoi(strings.TrimSpace(number)); err == nil {
			return n
		}
	case strings.HasPrefix(about, "{") && json.Unmarshal([]byte(about), &shaped) == nil:
		if len(shaped.Shape) == 0 {
			break
		}
		pages := 1 / float64(max(1, d.first(imageWidth, 1)*d.first(samplesPerPixel, 1))) / float64(max(1, d.first(imageLength, 1)))
		for _, size := range shaped.Shape {
			pages *= size
		}
		return int(min(max(math.Round(pages), 1), math.MaxInt32))
	}
	return int(d.first(imageDepth, 1))
}

// unread says what of a picture is not read, with "are" or "is", and how to make something of it that is; "" if all is read.
func (d directory) unread() (what, way string) {
	bits, samples := d.first(bitsPerSample, 1), d.first(samplesPerPixel, 1)
	kind, method := d.first(photometric, whiteIsZero), d.first(compression, notPacked)
	zlib := method == deflate || method == oldDeflate
	array, picture := "make an array of it with "+sniff.ArrayOfTIFF, "make a PNG of it with "+`PIL.Image.open("a.tif").save("a.png")`
	if method != notPacked && method != packBits && !zlib || d.first(predictor, 1) > 2 {
		array += ", which takes the package imagecodecs, too"
	}
	array += orStream
	byBits := array // what keeps all bits
	if bits <= 8 {
		byBits = picture
	}
	if format, ok := map[int64]string{2: "signed integers", 3: "floats", 5: "complex integers", 6: "complex numbers"}[d.first(sampleFormat, 1)]; ok {
		return fmt.Sprintf("%s of %d bits are", format, bits), array
	}
	if space, ok := map[int64]string{5: "CMYK", 6: "YCbCr", 8: "CIE L*a*b*", 9: "ICC L*a*b*", 10: "ITU L*a*b*"}[kind]; ok {
		return space + " is", "make RGB of it with " + sniff.RGBOf("a.tif")
	}
	switch {
	case kind > palette:
		return fmt.Sprintf("photometric interpretation %d is", kind), array
	case bits < 16 && bits != 1 && bits != 8:
		return fmt.Sprintf("values of %d bits are", bits), picture
	case bits > 16:
		return fmt.Sprintf("values of %d bits are", bits), array
	case method == 6 || method == 7:
		return "JPEG compression is", byBits
	case method != notPacked && method != lzw && method != packBits && !zlib:
		return fmt.Sprintf("compression %d is", method), byBits
	case kind != rgbColours && samples == 2:
		return "grey with another channel is", byBits
	case kind != rgbColours && samples != 1, kind == rgbColours && samples != 3 && samples != 4:
		return fmt.Sprintf("%d channels are", samples), array
	case kind == rgbColours && samples == 4 && d.first(extraSamples, 0) != 1 && d.first(extraSamples, 0) != 2:
		return "RGB with a fourth channel that is not said to be alpha is", array
	case samples > 1 && d.first(planarConfig, 1) != 1:
		return "channels in planes of their own are", byBits
	case samples > 1 && int64(d.count(bitsPerSample)) != samples:
		return fmt.Sprintf("%d channels with the bits of %d are", samples, d.count(bitsPerSample)), byBits
	case kind == palette && (bits != 8 || d.count(colorMap) != 3<<8):
		return fmt.Sprintf("a palette of %d colours in %d bits is", d.count(colorMap)/3, bits), byBits
	case d.first(predictor, 1) > 2, d.first(predictor, 1) == 2 && bits == 1:
		return fmt.Sprintf("predictor %d with %d bits is", d.first(predictor, 1), bits), byBits
	case d.first(fillOrder, 1) != 1:
		return "bits in the order from the last to the first are", byBits
	}
	return "", ""
}

// expansion is how many pixels a byte of a picture can stand for.
func (d directory) expansion() int64 {
	switch d.first(compression, notPacked) {
	case notPacked:
		return 8
	case packBits: // two bytes for 128 (TIFF 6.0, section 9)
		return 8 * 64
	case lzw: // 12 bits for a text, of at most 4094 bytes (section 13)
		return 8 * 2730
	}
	return maxExpansion
}

// checkBlocks returns an error if the strips or tiles are not in the file, or would take more memory than pictureCost.
func (d directory) checkBlocks(limit int64) error {
	w, h := d.first(imageWidth, 0), d.first(imageLength, 0)
	what, across, down, offsets, counts := "strip", w, d.first(rowsPerStrip, h), uint16(stripOffsets), uint16(stripByteCounts)
	if down == 0 || down > h {
		down = h
	}
	if d.first(tileWidth, 0) != 0 {
		what, across, down, offsets, counts = "tile", d.first(tileWidth, 0), d.first(tileLength, 0), tileOffsets, tileByteCounts
	}
	starts, startSize, n := d.field(offsets)
	sizes, sizeSize, m := d.field(counts)
	if n == 0 || n != m {
		return fmt.Errorf("%d places of %ss and %d sizes; save it again", n, what, m)
	}
	sum := int64(0)
	for i := range n {
		size := int64(d.value(sizes, sizeSize, i))
		if int64(d.value(starts, startSize, i))+size > int64(len(d.data)) {
			return fmt.Errorf("%s %d of %d is not there: %w", what, i+1, n, errCutTIFF)
		}
		sum += size
	}
	if sum > int64(len(d.data)) {
		return fmt.Errorf("%ss of %d bytes in a file of %d; make an array of it with %s", what, sum, len(d.data), sniff.ArrayOfTIFF)
	}
	// What the decoder allocates, freed or not: its pixels, the values that they become, and to decompress a table for each
	// block, and for one block, as its buffer grows, four times the eight bytes a pixel that it may hold.
	const most = 8 // bytes of a pixel
	pixel := max(d.first(bitsPerSample, 1)/8, 1)
	if d.first(samplesPerPixel, 1) > 1 {
		pixel *= 4
	}
	const table, reader = 64 << 10, 6 << 10
	if across > limit || down > limit || w > limit || h > limit { // so that no product overflows
		return fmt.Errorf("%d × %d pixels in %ss of %d × %d are more than %s as float32; scale the picture down first", w, h, what, across, down, sizeText(limit))
	}
	area := float64(w) * float64(h)
	bytes := area * float64(pixel+4*min(d.first(samplesPerPixel, 1), 3))
	switch d.first(compression, notPacked) {
	case notPacked:
	case packBits:
		bytes += float64(n)*reader + 5*min(most*area, 64*float64(sum))
	default:
		bytes += float64(n)*table + 4*most*float64(across)*float64(down)
	}
	if bytes > pictureCost*float64(limit) {
		return fmt.Errorf("%ss of %d × %d pixels, %d in all, take more memory than %d bytes as float32 may; save it in others", what, across, down, n, limit)
	}
	return nil
}
