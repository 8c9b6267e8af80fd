package draw

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
)

// Curves shows sequences of one length as lines, one under the other, each in a lane of its own from its least to its largest
// finite value, which stand beside it. Where places are lit, the line is in colour and what is behind it yellow; elsewhere
// the line is grey. Where several places share a column of pixels, the column reaches from their least to their largest
// value, and its colours are mixed as many of them are lit. A column with a value that is not a number has the colour Missing.
type Curves struct {
	Lines [][]float32 // of the same length
	Names []string    // one a line, to the right of it; nil for none
	Lit   []float32   // whether each place is lit, 0 or 1; nil lights all
	Plain bool        // what is behind a lit line is white, too
	Ruler bool        // write the numbers of places under the lines

	// Cells of places, if there are several in one: of each, a line has the first value, the least, the largest and the last, in this
	// order (U. Jugel, Z. Jerzak, G. Hackenbroich, V. Markl, "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB
	// 2014), and Lit what share of it is lit. They are at least as many as the columns of pixels.
	Cells Cells
}

// Colours of curves.
var (
	litLine, unlitLine = lineColours[0], color.RGBA{0x8a, 0x8f, 0x98, 255}
	litPaper           = color.RGBA{0xff, 0xf0, 0xb0, 255}
	white              = color.RGBA{255, 255, 255, 255}
)

// Sizes of curves, in pixels.
const (
	laneGap   = 5
	lanePad   = 5 // between the lane's edge and the largest value
	lineWidth = 1.5
	minDot    = 8 // places are marked where they are as wide
	dotWidth  = 5
)

func (c Curves) check() {
	if len(c.Lines) == 0 || len(c.Lines[0]) == 0 || c.Names != nil && len(c.Names) != len(c.Lines) {
		panic("draw: no curves, or with another number of names")
	}
	for _, l := range c.Lines {
		if len(l) != len(c.Lines[0]) || c.Lit != nil && len(c.Lit) != c.columns() {
			panic("draw: curves of different lengths")
		}
	}
	if len(c.Lines[0])%c.each() != 0 {
		panic("draw: curves whose values are not those of cells")
	}
}

// each is how many values of a line stand for a place or cell.
func (c Curves) each() int {
	if c.Cells.Size > 1 {
		return 4
	}
	return 1
}

// columns is the number of places or cells.
func (c Curves) columns() int { return len(c.Lines[0]) / c.each() }

func (c Curves) note() string {
	n := len(c.Lines[0])
	if c.Cells.Size > 1 {
		n = c.Cells.W
	}
	return c.Cells.missing(func(i int) string {
		if c.Names == nil {
			return fmt.Sprintf("point %d", i%n)
		}
		return fmt.Sprintf("point %d of %s", i%n, c.Names[i/n])
	}, c.Lines...)
}

func (c Curves) wide() bool { return true }

// lay lays out a lane for each line, and their ruler.
func (c Curves) lay(f panelFaces, width int) figure {
	height := 56
	switch n := len(c.Lines); {
	case n == 1:
		height = 160
	case n <= 3:
		height = 96
	}
	z := stretch(c.columns(), width-beside)
	var fig figure
	for i := range c.Lines {
		fig.put(image.Pt(0, i*(height+laneGap)), c.lane(f.ruler, i, z, height))
	}
	if c.Ruler {
		fig.put(image.Pt(0, fig.size.Y), f.ruler.places(Field{H: 1, W: c.columns(), Cells: c.Cells}, z))
	}
	fig.put(image.Pt(0, fig.size.Y), space(5))
	return fig
}

// lane is one line in its frame, with its name and range beside it.
func (c Curves) lane(t typeface, i int, z zoom, height int) block {
	size := image.Pt(z.size(1, c.columns()).X, height)
	return block{size.Add(image.Pt(beside, 0)), func(dst *image.RGBA, at image.Point) {
		lane := image.Rectangle{at, at.Add(size)}
		frame(dst, lane)
		r := Span(Field{H: 1, W: len(c.Lines[i]), Data: c.Lines[i]})
		c.paint(dst, lane, c.Lines[i], r, z)
		x := at.X + size.X + 6
		numbers := Heatmap{Range: r}.labels()
		if r.Low == r.High { // the number in the middle is the only one
			t.write(dst, image.Pt(x, at.Y+height/2-t.line/2), numbers[1])
		} else {
			t.write(dst, image.Pt(x, at.Y-1), numbers[2])
			t.write(dst, image.Pt(x, at.Y+height-t.line+1), numbers[0])
		}
		if c.Names != nil {
			y := at.Y + height/2 - t.line/2
			if r.Low == r.High {
				y -= t.line
			}
			t.write(dst, image.Pt(x, y), c.Names[i])
		}
	}}
}

// paint draws a line with values of that range in a lane.
func (c Curves) paint(dst *image.RGBA, lane image.Rectangle, line []float32, r Range, z zoom) {
	h := Heatmap{Range: r}
	height := func(v float32) float64 { // of a value, in pixels from the upper edge; extreme ones are in the middle of a pixel
		p := max(0, min(1, h.position(float64(v))))
		return lanePad + 0.5 + (1-p)*float64(lane.Dy()-2*lanePad-1)
	}
	for x := range lane.Dx() {
		first := x / z.up * z.down
		last := min(first+z.down, c.columns())
		from, to := c.each()*first, c.each()*last
		if slices.ContainsFunc(line[from:to], isNaN) {
			column := image.Rect(x, 0, x+1, lane.Dy()).Add(lane.Min)
			draw.Draw(dst, column, image.NewUniform(Missing), image.Point{}, draw.Src)
			continue
		}
		var top, bottom float64
		if z.up > 1 {
			top, bottom = between(line, x, z.up, height)
		} else {
			top, bottom = envelope(line[max(0, from-1):to], height) // from the value before, so that columns meet
		}
		lit := c.lit(first, last)
		ink, paper := mix(unlitLine, litLine, lit), white
		if !c.Plain {
			paper = mix(white, litPaper, lit)
		}
		for y := range lane.Dy() {
			covered := min(bottom+lineWidth/2, float64(y+1)) - max(top-lineWidth/2, float64(y))
			dst.SetRGBA(lane.Min.X+x, lane.Min.Y+y, mix(paper, ink, float32(max(0, min(1, covered)))))
		}
	}
	if z.up < minDot || c.Cells.Size > 1 {
		return
	}
	for i, v := range line {
		if v == v {
			middle := lane.Min.Add(image.Pt(i*z.up+z.up/2, int(height(v))))
			dotAt(dst, middle, mix(unlitLine, litLine, c.lit(i, i+1)))
		}
	}
}

func isNaN(v float32) bool { return v != v }

// envelope returns the least and the largest height of the values that are numbers.
func envelope(values []float32, height func(float32) float64) (top, bottom float64) {
	top, bottom = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !isNaN(v) {
			top, bottom = min(top, height(v)), max(bottom, height(v))
		}
	}
	return top, bottom
}

// between returns the least and the largest height, in a column of pixels, of a line that runs straight between the middles of
// neighbours, each of which takes several columns. Before the first middle, behind the last and beside what is not a number
// there is no line: the least is above the largest.
func between(line []float32, column, up int, height func(float32) float64) (top, bottom float64) {
	top, bottom = math.Inf(1), math.Inf(-1)
	reach := func(y float64) { top, bottom = min(top, y), max(bottom, y) }
	for _, edge := range []int{column, column + 1} {
		at := float64(edge)/float64(up) - 0.5
		left := int(math.Floor(at))
		if left < 0 || left+1 >= len(line) || isNaN(line[left]) || isNaN(line[left+1]) {
			continue
		}
		a, b := height(line[left]), height(line[left+1])
		reach(a + (at-float64(left))*(b-a))
	}
	own := column / up
	if middle := (float64(own) + 0.5) * float64(up); float64(column) <= middle && middle <= float64(column+1) {
		reach(height(line[own]))
	}
	return top, bottom
}

// lit is the share of lit places of those from first up to last.
func (c Curves) lit(first, last int) float32 {
	if c.Lit == nil {
		return 1
	}
	var sum float32
	for _, v := range c.Lit[first:last] {
		sum += v
	}
	return sum / float32(last-first)
}

// dotAt is a square without its corners around a point.
func dotAt(dst *image.RGBA, middle image.Point, c color.RGBA) {
	const half = dotWidth / 2
	for y := -half; y <= half; y++ {
		for x := -half; x <= half; x++ {
			if x*x+y*y < 2*half*half {
				dst.SetRGBA(middle.X+x, middle.Y+y, c)
			}
		}
	}
}
