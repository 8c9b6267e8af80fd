package draw

import (
	"image/color"
	"io"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Curve is a line through points of the unit square.
type Curve struct {
	Name   string // in the legend
	X, Y   []float64
	Marked bool // its points are marked
	Grey   bool // something to compare with, drawn thin and dashed
}

// A Plot shows curves in the unit square.
type Plot struct {
	Title, X, Y string
	Curves      []Curve
	Top, Left   bool // where the legend is
}

// lineColours are those of M. Okabe, K. Ito, "Color Universal Design", 2008, which people tell apart whatever colours
// they see, without the yellow, which is too pale on white.
var lineColours = []color.RGBA{
	{0x00, 0x72, 0xb2, 255}, {0xd5, 0x5e, 0x00, 255}, {0x00, 0x9e, 0x73, 255}, {0xcc, 0x79, 0xa7, 255},
	{0xe6, 0x9f, 0x00, 255}, {0x56, 0xb4, 0xe9, 255}, {0x00, 0x00, 0x00, 255},
}

// MaxCurves is how many curves a picture can tell apart, by colour and dashes.
const MaxCurves = 14

// Encode writes the plot as a PNG.
func (p *Plot) Encode(w io.Writer) error {
	axes := newAxes(p.Title, p.X, p.Y)
	axes.X.Min, axes.X.Max, axes.Y.Min, axes.Y.Max = 0, 1, 0, 1
	axes.X.Tick.Marker, axes.Y.Tick.Marker = tenths{}, tenths{}
	axes.Legend.Top, axes.Legend.Left = p.Top, p.Left
	axes.Legend.XOffs, axes.Legend.YOffs = vg.Points(-8), vg.Points(8)
	if p.Left {
		axes.Legend.XOffs = -axes.Legend.XOffs
	}
	if p.Top {
		axes.Legend.YOffs = -axes.Legend.YOffs
	}
	axes.Add(plotter.NewGrid())
	n := 0
	for _, c := range p.Curves {
		style := draw.LineStyle{Color: lineColours[n%len(lineColours)], Width: vg.Points(1.5)}
		if n >= len(lineColours) {
			style.Dashes = []vg.Length{vg.Points(4), vg.Points(2)}
		}
		if c.Grey {
			style = draw.LineStyle{Color: pale, Width: vg.Points(0.75), Dashes: []vg.Length{vg.Points(3), vg.Points(3)}}
		} else {
			n++
		}
		if err := c.add(axes, style); err != nil {
			return err
		}
	}
	return encode(w, axes, 5*vg.Inch, 5*vg.Inch)
}

// add draws a curve.
func (c Curve) add(axes *plot.Plot, style draw.LineStyle) error {
	points := make(plotter.XYs, len(c.X))
	for i := range points {
		points[i] = plotter.XY{X: c.X[i], Y: c.Y[i]}
	}
	line := &plotter.Line{XYs: points, LineStyle: style}
	if len(points) > 0 {
		axes.Add(line)
	}
	if !c.Marked || len(points) == 0 {
		axes.Legend.Add(c.Name, line)
		return nil
	}
	dots, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: style.Color, Radius: vg.Points(2.5), Shape: draw.CircleGlyph{}}
	axes.Add(dots)
	axes.Legend.Add(c.Name, line, dots)
	return nil
}

func newAxes(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(6)
	p.BackgroundColor = color.White
	return p
}

func encode(w io.Writer, p *plot.Plot, width, height vg.Length) error {
	picture, err := p.WriterTo(width, height, "png")
	if err != nil {
		return err
	}
	_, err = picture.WriteTo(w)
	return err
}

// tenths are ticks from 0 to 1, every second with a number.
type tenths struct{}

func (tenths) Ticks(_, _ float64) []plot.Tick {
	var ticks []plot.Tick
	for i := range 11 {
		t := plot.Tick{Value: float64(i) / 10}
		if i%2 == 0 {
			t.Label = strconv.FormatFloat(t.Value, 'f', 1, 64)
		}
		ticks = append(ticks, t)
	}
	return ticks
}
