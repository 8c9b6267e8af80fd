package draw

import (
	"image"
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// A Strip shows the values of a sequence as colours: a heat map of one row, as wide as there is room, and high enough to be
// seen. Strips and Curves of one length have their places one under the other.
type Strip struct{ Heatmap }

// Sizes of pictures of sequences, in pixels.
const (
	stripHeight = 32
	beside      = 68  // room to the right for words and numbers
	maxBar      = 512 // a colour bar is no wider
)

func (s Strip) check() {
	s.Heatmap.check()
	if s.H != 1 {
		panic("draw: a strip with more than one row")
	}
}

func (s Strip) note() string {
	return missing(s.Data, func(i int) string { return "place " + strconv.Itoa(i) })
}

func (s Strip) wide() bool { return true }

// lay lays out the strip, its ruler and its bar.
func (s Strip) lay(f panelFaces, width int) figure {
	z := stretch(s.W, width-beside)
	blocks := []block{s.block(z, stripHeight)}
	if s.Ruler {
		blocks = append(blocks, f.ruler.places(s.W, z))
	}
	blocks = append(blocks, space(5))
	if s.Bar {
		blocks = append(blocks, s.bar(f.caption, min(maxBar, width-beside)), space(3))
	}
	fig := stack(blocks...)
	fig.size.X = width
	return fig
}

// stretch returns the zoom that draws n values in at most width pixels, along which they may be magnified any number of times.
func stretch(n, width int) zoom {
	if up := width / n; up > 0 {
		return zoom{up, 1}
	}
	return zoom{1, divisor((n+width-1)/width, n, n)}
}

// places is the ruler of a sequence of n values: numbers at round places, each where its value begins.
func (t typeface) places(n int, z zoom) block {
	size := z.size(1, n)
	return block{image.Pt(size.X, tick+t.line), func(dst *image.RGBA, at image.Point) {
		t.across(dst, at, roundMarks(n, z, size.X))
	}}
}

// roundMarks are the marks of n values at round places, in that many pixels.
func roundMarks(n int, z zoom, pixels int) []mark {
	ticks := []plot.Tick{{Label: "0"}}
	if pixels >= minRuled && n > 1 {
		ticks = round{least: 1}.Ticks(0, float64(n))
	}
	var marks []mark
	for i, v := range ticks {
		at := int(math.Round(v.Value * float64(z.up) / float64(z.down)))
		m := mark{min(at, pixels-1), 1, v.Label}
		if i == 0 {
			m.share = 0
		}
		marks = append(marks, m)
	}
	return marks
}
