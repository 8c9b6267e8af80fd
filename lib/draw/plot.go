package draw

import (
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// A Curve is a line through points of the unit square.
type Curve struct {
	Name   string    // in the legend
	X, Y   []float64 // of its points, from 0 to 1
	Marked bool      // its points are marked
	Grey   bool      // something to compare with, drawn thin and dashed
}

// A Plot shows curves in the unit square, and under it a legend. Of curves that coincide, or nearly do, each has its share of the
// line, dash by dash.
type Plot struct {
	Title, X, Y string  // of the picture and its axes
	Curves      []Curve // in the order of the legend
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
	axes.Add(plotter.NewGrid())
	n, keys, shares := 0, newLegend(), sharesOfLines(p.Curves)
	for i, c := range p.Curves {
		style := draw.LineStyle{Color: lineColours[n%len(lineColours)], Width: vg.Points(1.5)}
		if n >= len(lineColours) {
			style.Dashes = []vg.Length{vg.Points(4), vg.Points(2)}
		}
		if c.Grey {
			style = draw.LineStyle{Color: pale, Width: vg.Points(0.75), Dashes: []vg.Length{vg.Points(3), vg.Points(3)}}
		} else {
			n++
		}
		keys.add(c.Name, &plotter.Line{LineStyle: style})
		if len(c.X) == 0 {
			continue
		}
		if s := shares[i]; s.of > 1 {
			dash := vg.Points(6)
			style.Dashes, style.DashOffs = []vg.Length{dash, dash * vg.Length(s.of-1)}, dash*vg.Length(s.of-s.number)
		}
		axes.Add(&plotter.Line{XYs: xys(c.X, c.Y), LineStyle: style})
		if c.Marked {
			axes.Add(&plotter.Scatter{XYs: xys(c.X, c.Y), GlyphStyle: draw.GlyphStyle{Color: style.Color, Radius: vg.Points(2.5), Shape: draw.CircleGlyph{}}})
		}
	}
	return encode(w, axes, keys, 5*vg.Inch, 5*vg.Inch)
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

// encode writes axes of that size, in margins, and the keys of their legend under them.
func encode(w io.Writer, p *plot.Plot, keys legend, width, height vg.Length) error {
	rows := keys.rows(width - 2*padding)
	foot := padding
	if len(rows) > 0 {
		foot += keys.height(rows) + padding/2
	}
	img := vgimg.New(width, height+foot)
	all := draw.New(img)
	p.Draw(draw.Crop(all, padding, -padding, foot, -padding))
	keys.draw(draw.Crop(all, padding, -padding, padding, -height), rows)
	_, err := vgimg.PngCanvas{Canvas: img}.WriteTo(w)
	return err
}
