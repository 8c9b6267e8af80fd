package draw

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

var (
	ink  = color.RGBA{0x20, 0x20, 0x20, 255}
	pale = color.RGBA{0x55, 0x55, 0x55, 255}
)

// Liberation Sans is the typeface of gonum.org/v1/plot too, so that sheets and plots look alike.
var (
	regular = parsed(liberationsansregular.TTF)
	bold    = parsed(liberationsansbold.TTF)
)

func parsed(ttf []byte) func() *opentype.Font {
	return sync.OnceValue(func() *opentype.Font {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("draw: damaged font")
		}
		return f
	})
}

// settable writes characters that the font lacks as their numbers, so that different names look different.
func settable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if i, err := regular().GlyphIndex(nil, r); err != nil || i == 0 {
			fmt.Fprintf(&b, "U+%04X", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// A typeface sets text of one size and colour. It is not safe for concurrent use.
type typeface struct {
	face   font.Face
	colour color.RGBA
	line   int // distance of two lines in pixels
	ascent int // from the top of a line to its base
}

// newTypeface makes a typeface of a size in pixels.
func newTypeface(f func() *opentype.Font, size float64, c color.RGBA) typeface {
	face, err := opentype.NewFace(f(), &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("draw: impossible size of text")
	}
	m := face.Metrics()
	return typeface{spaced{face}, c, (m.Ascent + m.Descent).Ceil() + 2, m.Ascent.Ceil()}
}

// spaced is a face that does not kern beside a space: rounded to whole pixels, words would run together there.
type spaced struct{ font.Face }

// Kern is the face's, but 0 beside a space.
func (s spaced) Kern(a, b rune) fixed.Int26_6 {
	if a == ' ' || b == ' ' {
		return 0
	}
	return s.Face.Kern(a, b)
}

func (t typeface) width(s string) int { return font.MeasureString(t.face, s).Ceil() }

// write sets one line with its upper left corner at a point.
func (t typeface) write(dst *image.RGBA, at image.Point, s string) {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(t.colour), Face: t.face, Dot: fixed.P(at.X, at.Y+t.ascent)}
	d.DrawString(s)
}

// wrap breaks s into lines no wider than width, between words, and inside a word that is wider by itself. A line
// has at least one character.
func (t typeface) wrap(s string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(s) {
		if n := len(lines); n > 0 && t.width(lines[n-1]+" "+word) <= width {
			lines[n-1] += " " + word
			continue
		}
		start := 0
		for i := range word {
			if _, size := utf8.DecodeRuneInString(word[i:]); i > start && t.width(word[start:i+size]) > width {
				lines, start = append(lines, word[start:i]), i
			}
		}
		lines = append(lines, word[start:])
	}
	return lines
}

// block is a paragraph; an empty one takes no room.
func (t typeface) block(s string, width int) block {
	lines := t.wrap(settable(s), width)
	return block{image.Pt(width, t.line*len(lines)), func(dst *image.RGBA, at image.Point) {
		for i, line := range lines {
			t.write(dst, at.Add(image.Pt(0, i*t.line)), line)
		}
	}}
}
