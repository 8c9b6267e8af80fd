package draw

import (
	"cmp"
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Trends shows how quantities change along a common axis, such as loss and accuracy by epoch: a panel for each, one
// over the other, with one legend.
//
// An arm with several runs is drawn as its mean, the range of its runs, and each run as a thin line. Where there are more
// than three arms (Crowded), it is drawn as its mean and the middle half of its runs; arms then differ in dashes, too, and each
// has its name at the end of its line. Mean and range end where the shortest run ends: the mean of the remaining runs would
// jump.
type Trends struct {
	Title, X      string       // of the picture and its common axis
	Arms          []string     // names; at most MaxArms
	Solid, Dashed string       // what lines mean, if there are dashed ones
	Panels        []TrendPanel // from top to bottom
}

// A TrendPanel shows one quantity.
type TrendPanel struct {
	Y string // the quantity
	// A magnitude is drawn from zero or, where all values are positive and span two decades, on a logarithmic axis.
	Magnitude bool
	Trends    []Trend // of each arm
}

// A Trend is the quantity in the runs of one arm.
type Trend struct {
	Arm    int   // its index in Arms
	Dashed bool  // its lines are dashed; not where arms are crowded
	Runs   []Run // one or more
}

// A Run has points from left to right, all of them finite.
type Run struct {
	X, Y []float64 // of the points
}

// MaxArms is how many arms a picture can tell apart, by colour.
var MaxArms = len(lineColours)

// Sizes of the picture, and how strongly the range of an arm is coloured.
const (
	padding       = vg.Inch / 9
	trendsWidth   = 7 * vg.Inch
	panelHeight   = 3.25 * vg.Inch
	crowdedWidth  = 8 * vg.Inch
	crowdedHeight = 2.75 * vg.Inch
	rangeOpacity  = 45
	crowdedRange  = 22
)

// Encode writes the picture as PNG.
func (t *Trends) Encode(w io.Writer) error {
	width, height := trendsWidth, panelHeight
	ends, names := newEndLabels(), vg.Length(0)
	if t.crowded() {
		width, height, names = crowdedWidth, crowdedHeight, ends.width(t.Arms)
	}
	keys := t.legend()
	rows := keys.rows(width - 2*padding)
	title := sans(plot.New()).Title.TextStyle
	head := title.Height(t.Title) + vg.Points(8) + keys.height(rows) + 2*padding

	img := vgimg.New(width, head+vg.Length(len(t.Panels))*height)
	all := draw.New(img)
	title.XAlign, title.YAlign = draw.XCenter, draw.YTop
	all.FillText(title, vg.Point{X: all.Center().X, Y: all.Max.Y - padding}, t.Title)
	keys.draw(draw.Crop(all, padding, -padding, 0, -head+keys.height(rows)+padding), rows)

	plots := make([][]*plot.Plot, len(t.Panels))
	for i, p := range t.Panels {
		axes, err := p.axes(t.crowded())
		if err != nil {
			return err
		}
		if i == len(t.Panels)-1 {
			axes.X.Label.Text = t.X
		}
		plots[i] = []*plot.Plot{axes}
	}
	tiles := draw.Tiles{Rows: len(plots), Cols: 1, PadLeft: padding, PadRight: padding, PadBottom: padding, PadY: padding}
	for i, c := range plot.Align(plots, tiles, draw.Crop(all, 0, -names, 0, -head)) {
		plots[i][0].Draw(c[0])
		if t.crowded() {
			data := plots[i][0].DataCanvas(c[0])
			ends.draw(data, names, t.ends(t.Panels[i], plots[i][0], data))
		}
	}
	_, err := vgimg.PngCanvas{Canvas: img}.WriteTo(w)
	return err
}

// Crowded reports whether there are so many arms that a picture shows less of each.
func Crowded(arms int) bool { return arms > 3 }

func (t *Trends) crowded() bool { return Crowded(len(t.Arms)) }

// ends are those of the lines of a panel, which is drawn in a canvas.
func (t *Trends) ends(p TrendPanel, axes *plot.Plot, data draw.Canvas) []end {
	var all []end
	toX, toY := axes.Transforms(&data)
	for _, trend := range p.Trends {
		x, mean, _, _ := trend.summary(true)
		if last := len(x) - 1; last >= 0 {
			style := trend.style(true)
			style.Dashes = nil
			all = append(all, end{t.Arms[trend.Arm], style, vg.Point{X: toX(x[last]), Y: toY(mean[last])}})
		}
	}
	return all
}

// axes draws the panel.
func (p *TrendPanel) axes(crowded bool) (*plot.Plot, error) {
	axes := newAxes("", "", p.Y)
	axes.X.Tick.Marker, axes.Y.Tick.Marker = round{1}, round{}
	axes.Add(plotter.NewGrid())
	opacity := uint8(rangeOpacity)
	if crowded {
		opacity = crowdedRange
	}
	for _, t := range p.Trends {
		if x, _, low, high := t.summary(crowded); len(t.Runs) > 1 && len(x) > 1 {
			axes.Add(&plotter.Polygon{XYs: []plotter.XYs{append(thinned(xys(x, high)), reversed(thinned(xys(x, low)))...)}, Color: faint(t.Arm, opacity)})
		}
	}
	for _, t := range p.Trends {
		style := t.style(crowded)
		style.Width /= 2
		style.Color = faint(t.Arm, uint8(min(130, 800/max(1, len(t.Runs))))) // many lines cover the mean
		for _, r := range t.Runs {
			if len(t.Runs) > 1 && !crowded {
				t.add(axes, r, style)
			}
		}
	}
	for _, t := range p.Trends {
		x, mean, _, _ := t.summary(crowded)
		t.add(axes, Run{x, mean}, t.style(crowded))
	}
	return axes, p.scale(axes, crowded)
}

// add draws a line, or a dot where there is one point only.
func (t Trend) add(axes *plot.Plot, r Run, style draw.LineStyle) {
	points := thinned(xys(r.X, r.Y))
	if len(points) == 1 {
		axes.Add(&plotter.Scatter{XYs: points, GlyphStyle: t.point(style)})
		return
	}
	if len(points) > 1 {
		axes.Add(&plotter.Line{XYs: points, LineStyle: style})
	}
}

// point is a dot in the style of a line, of a dashed one a ring.
func (t Trend) point(style draw.LineStyle) draw.GlyphStyle {
	g := draw.GlyphStyle{Color: style.Color, Radius: 2 * style.Width, Shape: draw.CircleGlyph{}}
	if t.Dashed {
		g.Shape = draw.RingGlyph{}
	}
	return g
}

// lineDashes tell crowded arms apart for those who see no colours, in points.
var lineDashes = [][]vg.Length{nil, {7, 2}, {2, 1.5}, {8, 2, 2, 2}, {4, 3}, {12, 3}, {8, 2, 2, 2, 2, 2}}

func (t Trend) style(crowded bool) draw.LineStyle {
	s := draw.LineStyle{Color: lineColours[t.Arm], Width: vg.Points(1.5)}
	switch {
	case crowded:
		s.Dashes = lineDashes[t.Arm]
	case t.Dashed:
		s.Dashes = []vg.Length{vg.Points(4), vg.Points(2)}
	}
	return s
}

// scale sets the range of the axes, with room round a line that does not change.
func (p *TrendPanel) scale(axes *plot.Plot, crowded bool) error {
	low, high := math.Inf(1), math.Inf(-1)
	for _, t := range p.Trends {
		shown := t.Runs
		if crowded {
			x, mean, l, h := t.summary(crowded)
			shown = []Run{{x, mean}, {x, l}, {x, h}}
		}
		for _, r := range shown {
			if len(r.Y) > 0 {
				low, high = min(low, slices.Min(r.Y)), max(high, slices.Max(r.Y))
			}
		}
	}
	if low > high {
		return fmt.Errorf("draw: there is nothing to show as %s", p.Y)
	}
	const decades = 2
	if p.Magnitude && low > 0 && high/low >= math.Pow(10, decades) {
		axes.Y.Scale, axes.Y.Tick.Marker = plot.LogScale{}, powers{}
		low, high = low/1.1, high*1.1
	} else {
		if p.Magnitude && low > 0 {
			low = 0
		}
		room := (high - low) / 20
		if room == 0 {
			room = max(math.Abs(high)/10, 0.1)
		}
		if high += room; !(p.Magnitude && low == 0) {
			low -= room
		}
	}
	axes.Y.Min, axes.Y.Max = low, high
	if axes.X.Min == axes.X.Max {
		axes.X.Min, axes.X.Max = axes.X.Min-1, axes.X.Max+1
	}
	return nil
}

// summary is the mean of the runs and their range, or the middle half of many, at the positions that all of them have.
func (t Trend) summary(crowded bool) (x, mean, low, high []float64) {
	if len(t.Runs) == 0 {
		return nil, nil, nil, nil
	}
positions:
	for _, at := range t.Runs[0].X {
		var all []float64
		for _, r := range t.Runs {
			i, found := slices.BinarySearch(r.X, at)
			if !found {
				continue positions
			}
			all = append(all, r.Y[i])
		}
		slices.Sort(all)
		l, h := all[0], all[len(all)-1]
		if crowded {
			l, h = stat.Quantile(0.25, stat.LinInterp, all, nil), stat.Quantile(0.75, stat.LinInterp, all, nil)
		}
		x, mean, low, high = append(x, at), append(mean, stat.Mean(all, nil)), append(low, l), append(high, h)
	}
	return x, mean, low, high
}

// legend names the arms and says what kinds of lines mean.
func (t *Trends) legend() legend {
	l := newLegend()
	grey := func(width float64, dashes ...vg.Length) *plotter.Line {
		return &plotter.Line{LineStyle: draw.LineStyle{Color: pale, Width: vg.Points(width), Dashes: dashes}}
	}
	for i, name := range t.Arms {
		if !t.crowded() { // else it stands beside its lines
			l.add(name, &plotter.Line{LineStyle: Trend{Arm: i}.style(false)})
		}
	}
	several, dashed, points := false, false, false
	for _, p := range t.Panels {
		for _, trend := range p.Trends {
			several, dashed = several || len(trend.Runs) > 1, dashed || trend.Dashed && !t.crowded()
			x, _, _, _ := trend.summary(t.crowded())
			points = points || trend.Dashed && len(x) == 1
		}
	}
	if several {
		l.add("mean", grey(1.5))
		band := &plotter.Polygon{Color: color.NRGBA{pale.R, pale.G, pale.B, rangeOpacity}}
		if t.crowded() {
			l.add("middle half of the runs", band)
		} else {
			l.add("range of the runs", band)
			l.add("each run", grey(0.75))
		}
	}
	if dashed {
		for _, kind := range []struct {
			name string
			line *plotter.Line
		}{{t.Solid, grey(1.5)}, {t.Dashed, grey(1.5, vg.Points(4), vg.Points(2))}} {
			thumb := plot.Thumbnailer(kind.line)
			if points {
				thumb = pointed{kind.line, Trend{Dashed: len(kind.line.Dashes) > 0}.point(kind.line.LineStyle)}
			}
			l.add(kind.name, thumb)
		}
	}
	return l
}

// pointed is a line with a point, in a legend.
type pointed struct {
	*plotter.Line
	point draw.GlyphStyle
}

// Thumbnail draws the line, and the point in its middle.
func (p pointed) Thumbnail(c *draw.Canvas) {
	p.Line.Thumbnail(c)
	c.DrawGlyph(p.point, c.Center())
}

func faint(arm int, opacity uint8) color.Color {
	c := lineColours[arm]
	return color.NRGBA{c.R, c.G, c.B, opacity}
}

func xys(x, y []float64) plotter.XYs {
	points := make(plotter.XYs, len(x))
	for i := range points {
		points[i] = plotter.XY{X: x[i], Y: y[i]}
	}
	return points
}

// thinned cuts many points into as many groups as the picture has pixels across, and keeps the lowest and the highest of
// each.
func thinned(points plotter.XYs) plotter.XYs {
	const groups = 672
	if len(points) <= 2*groups {
		return points
	}
	byY := func(a, b plotter.XY) int { return cmp.Compare(a.Y, b.Y) }
	var kept plotter.XYs
	for i := range groups {
		group := points[i*len(points)/groups : (i+1)*len(points)/groups]
		ends := plotter.XYs{slices.MinFunc(group, byY), slices.MaxFunc(group, byY)}
		slices.SortFunc(ends, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
		kept = append(kept, ends...)
	}
	return kept
}

func reversed(points plotter.XYs) plotter.XYs {
	slices.Reverse(points)
	return points
}
