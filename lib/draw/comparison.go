package draw

import (
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// A Comparison shows a figure of several arms: a dot for each run, joined where runs of different arms are paired, and
// beside them each arm's mean with its interval.
type Comparison struct {
	Title, Y string      // of the picture and of its vertical axis
	Arms     []string    // their names, which may have several lines
	Pairs    [][]float64 // for each run, its figure by arm; NaN where an arm lacks the run
	Means    []Mean      // by arm
}

// A Mean has an interval from Low to High, which are NaN if there is none.
type Mean struct {
	Mean, Low, High float64 // in the units of the figure
}

// Encode writes the picture as PNG.
func (c *Comparison) Encode(w io.Writer) error {
	axes := newAxes(c.Title, "", c.Y)
	axes.Y.Tick.Marker = round{}
	axes.Add(plotter.NewGrid())
	var names []string
	for _, arm := range c.Arms {
		lines := strings.Split(arm, "\n")
		for i, line := range lines {
			lines[i] = settable(line)
		}
		names = append(names, strings.Join(lines, "\n"))
	}
	axes.NominalX(names...)
	axes.X.Min, axes.X.Max = -0.5, float64(len(c.Arms))-0.5
	for _, pair := range c.Pairs {
		var points plotter.XYs
		for arm, v := range pair {
			if !math.IsNaN(v) {
				points = append(points, plotter.XY{X: float64(arm), Y: v})
				axes.Add(dot(float64(arm), v, arm, vg.Points(2.5)))
			}
		}
		if len(points) > 1 {
			axes.Add(&plotter.Line{XYs: points, LineStyle: draw.LineStyle{Color: faint(len(lineColours)-1, 60), Width: vg.Points(0.75)}})
		}
	}
	for arm, m := range c.Means {
		const beside = 0.12
		x, style := float64(arm)+beside, Trend{Arm: arm % MaxArms}.style(false)
		if !math.IsNaN(m.Low) {
			axes.Add(&plotter.Line{XYs: plotter.XYs{{X: x, Y: m.Low}, {X: x, Y: m.High}}, LineStyle: style})
		}
		axes.Add(dot(x, m.Mean, arm, vg.Points(4.5)))
	}
	if room := (axes.Y.Max - axes.Y.Min) / 20; room > 0 {
		axes.Y.Min, axes.Y.Max = axes.Y.Min-room, axes.Y.Max+room
	} else {
		axes.Y.Min, axes.Y.Max = axes.Y.Min-0.1, axes.Y.Max+0.1
	}
	img := vgimg.New(trendsWidth, panelHeight)
	axes.Draw(draw.Crop(draw.New(img), padding, -padding, padding, -padding))
	_, err := vgimg.PngCanvas{Canvas: img}.WriteTo(w)
	return err
}

// dot is a run or a mean, in the colour of its arm.
func dot(x, y float64, arm int, radius vg.Length) *plotter.Scatter {
	return &plotter.Scatter{XYs: plotter.XYs{{X: x, Y: y}}, GlyphStyle: draw.GlyphStyle{Color: lineColours[arm%MaxArms], Radius: radius, Shape: draw.CircleGlyph{}}}
}
