package draw

import (
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Curve is a line through points of the unit square.
type Curve struct {
	Name   string    // in the legend
	X, Y   []float64 // of its points, from 0 to 1
	Marked bool      // its points are marked
	Grey   bool      // something to compare with, drawn thin and dashed
}

// A Plot shows curves in the unit square.
type Plot struct {
	Title, X, Y string  // of the picture and its axes
	Curves      []Curve // in the order of the legend
	Top, Left   bool    // where the legend is
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
	points := xys(c.X, c.Y)
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
	return sans(p)
}

// sans sets a plot in the typeface of sheets.
func sans(p *plot.Plot) *plot.Plot {
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		style.Font.Variant = "Sans"
	}
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
