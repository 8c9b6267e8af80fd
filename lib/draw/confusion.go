package draw

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Confusion shows the counts of a confusion matrix as a square of cells, a row and a column for each class, coloured by their
// share of the row.
type Confusion struct {
	Title, Rows, Columns string   // of the picture and of its axes
	Names                []string // of the classes
	Count                [][]int  // [row][column]
}

const (
	maxNames = 20  // rows and columns that are named, and have their counts written in
	maxCells = 100 // rows and columns that are drawn; where there are more, neighbours are added up
)

// Encode writes the picture as a PNG.
func (t *Confusion) Encode(w io.Writer) error {
	count, title := t.Count, t.Title
	together := (len(count) + maxCells - 1) / maxCells
	if together > 1 {
		count, title = added(count, together), fmt.Sprintf("%s, %d classes in a cell", title, together)
	}
	share := sharesOf(count)
	axes := newAxes(title, t.Columns, t.Rows)
	heat := plotter.NewHeatMap(share, blues{})
	heat.Min, heat.Max = 0, 1
	axes.Add(heat)
	keys := newLegend()
	keys.add("none to all of the true class (of a row)", shades{})
	side, every := 6*vg.Inch, (len(count)-1)/(ticks-1)
	if len(t.Names) <= maxNames {
		side, every = max(4*vg.Inch, vg.Length(len(t.Names)+2)*vg.Inch/2), 1
		if err := t.addCounts(axes, share); err != nil {
			return err
		}
	}
	longest, turned := t.addNames(axes, together, every, side/ticks)
	width, height := side+longest, side
	if turned {
		height += longest
	}
	return encode(w, axes, keys, width, height)
}

// shades is the colours in a legend, from none to all.
type shades struct{}

// Thumbnail draws them beside each other, in a frame.
func (shades) Thumbnail(c *draw.Canvas) {
	const steps = 5
	width := (c.Max.X - c.Min.X) / steps
	for i := range steps {
		from := c.Min.X + vg.Length(i)*width
		c.FillPolygon(blue(float64(i)/(steps-1)), []vg.Point{{X: from, Y: c.Min.Y}, {X: from, Y: c.Max.Y}, {X: from + width, Y: c.Max.Y}, {X: from + width, Y: c.Min.Y}})
	}
	c.StrokeLines(draw.LineStyle{Color: pale, Width: vg.Points(0.5)}, []vg.Point{c.Min, {X: c.Min.X, Y: c.Max.Y}, c.Max, {X: c.Max.X, Y: c.Min.Y}, c.Min})
}

// added returns the sums of squares of n×n counts.
func added(count [][]int, n int) [][]int {
	size := (len(count) + n - 1) / n
	sums := make([][]int, size)
	for i := range sums {
		sums[i] = make([]int, size)
	}
	for i, row := range count {
		for j, c := range row {
			sums[i/n][j/n] += c
		}
	}
	return sums
}

// ticks is how many rows and columns are named, at least, where not all are.
const ticks = 5

// addNames names some rows and columns of cells, each by its first class, and returns how long the names are, and whether those of
// columns are turned because they are longer than there is room for.
func (t *Confusion) addNames(axes *plot.Plot, together, every int, room vg.Length) (longest vg.Length, turned bool) {
	var x, y plot.ConstantTicks
	cells := (len(t.Names) + together - 1) / together
	for i := 0; i < cells; i += every {
		name := short(t.Names[i*together])
		longest = max(longest, axes.X.Tick.Label.Width(name))
		x = append(x, plot.Tick{Value: float64(i), Label: name})
		y = append(y, plot.Tick{Value: float64(cells - 1 - i), Label: name})
	}
	axes.X.Tick.Marker, axes.Y.Tick.Marker = x, y
	if every == 1 {
		axes.X.Tick.Length, axes.Y.Tick.Length, room = 0, 0, vg.Inch/2
	}
	if turned = longest > room; turned {
		axes.X.Tick.Label.Rotation = math.Pi / 2
		axes.X.Tick.Label.XAlign, axes.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
		for i := range x {
			x[i].Label += "  " // keeps the name off the axis
		}
	}
	return longest, turned
}

// addCounts writes counts into cells.
func (t *Confusion) addCounts(axes *plot.Plot, share shares) error {
	n := len(t.Names)
	texts := map[color.Color]*plotter.XYLabels{color.Black: {}, color.White: {}} // on light and on dark cells
	for i, counts := range t.Count {
		for j, count := range counts {
			on := texts[legibleOn(blue(math.Round(255*share[i][j])/255))] // of 256 colours
			on.XYs = append(on.XYs, plotter.XY{X: float64(j), Y: float64(n - 1 - i)})
			on.Labels = append(on.Labels, strconv.Itoa(count))
		}
	}
	for _, on := range []color.Color{color.Black, color.White} {
		if len(texts[on].XYs) == 0 {
			continue
		}
		set, err := plotter.NewLabels(*texts[on])
		if err != nil {
			return err
		}
		for i := range set.TextStyle {
			style := &set.TextStyle[i]
			style.Color, style.Font.Variant = on, "Sans"
			style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
		}
		axes.Add(set)
	}
	return nil
}

// short is a name in few characters: of a long one the middle is left out.
func short(name string) string {
	const end = 14
	runes := []rune(name)
	if len(runes) > 2*end+1 {
		return settable(string(runes[:end])) + "…" + settable(string(runes[len(runes)-end:]))
	}
	return settable(name)
}

// shares are counts as shares of their row. As a heat map the first row is on top.
type shares [][]float64

// sharesOf divides counts by the sums of their rows.
func sharesOf(count [][]int) shares {
	s := make(shares, len(count))
	for i, row := range count {
		sum := 0
		for _, n := range row {
			sum += n
		}
		s[i] = make([]float64, len(row))
		for j, n := range row {
			s[i][j] = float64(n) / float64(max(sum, 1))
		}
	}
	return s
}

// Dims returns the number of cells. With X, Y and Z it makes shares a plotter.GridXYZ.
func (s shares) Dims() (columns, rows int) { return len(s), len(s) }

// X is the position of a column.
func (s shares) X(c int) float64 { return float64(c) }

// Y is the position of a row, from below.
func (s shares) Y(r int) float64 { return float64(r) }

// Z is the share in a cell.
func (s shares) Z(c, r int) float64 { return s[len(s)-1-r][c] }

// blues run from white to a dark blue.
type blues struct{}

// Colors makes blues a palette.Palette.
func (blues) Colors() []color.Color {
	colours := make([]color.Color, 256)
	for i := range colours {
		colours[i] = blue(float64(i) / 255)
	}
	return colours
}

// blue is the colour of a share from 0 to 1.
func blue(share float64) color.RGBA {
	mix := func(end float64) uint8 { return uint8(255 + share*(end-255) + 0.5) }
	return color.RGBA{mix(0x08), mix(0x30), mix(0x6b), 255}
}
