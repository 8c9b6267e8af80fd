package draw

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of names beside the ends of lines.
var (
	endGap  = vg.Points(4)
	leader  = vg.Points(16) // width of the lines to the names
	maxEnds = 1.8 * vg.Inch // names take no more, with what leads to them
)

// An end is where a line of a plot ends, and what stands beside it.
type end struct {
	name  string
	style draw.LineStyle
	at    vg.Point
}

// endLabels are names of lines, to be written at the right of a plot, each joined to the end of its line.
type endLabels struct{ style draw.TextStyle }

func newEndLabels() endLabels {
	style := sans(plot.New()).X.Tick.Label
	style.XAlign, style.YAlign = draw.XLeft, draw.YCenter
	return endLabels{style}
}

// width is what the names take at most, beside the plots.
func (l endLabels) width(names []string) vg.Length {
	widest := vg.Length(0)
	for _, name := range names {
		widest = max(widest, l.style.Width(settable(name)))
	}
	return min(maxEnds, leader+2*endGap+widest)
}

// draw writes the names of ends to the right of a plot, whose data are drawn in c.
func (l endLabels) draw(c draw.Canvas, width vg.Length, ends []end) {
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.at.Y, b.at.Y) })
	want := make([]float64, len(ends))
	for i, e := range ends {
		want[i] = float64(e.at.Y)
	}
	heights := apart(want, float64(l.style.Font.Size)*1.15, float64(c.Min.Y), float64(c.Max.Y))
	for i, e := range ends {
		at := vg.Point{X: c.Max.X + endGap + leader, Y: vg.Length(heights[i])}
		e.style.Width = vg.Points(1)
		c.StrokeLines(e.style, []vg.Point{e.at, {X: c.Max.X + endGap/2, Y: e.at.Y}, at})
		name := fitting(settable(e.name), l.style, width-leader-2*endGap)
		c.FillText(l.style, vg.Point{X: at.X + endGap, Y: at.Y}, name)
	}
}

// apart moves ascending positions apart, as little as it can, so that they are at least that far from each other, and all of
// them from low to high if there is room: neighbours that touch stand round the mean of where they want to be (the least squares
// of R. E. Barlow et al., "Statistical Inference under Order Restrictions", 1972, section 1.2).
func apart(want []float64, least, low, high float64) []float64 {
	type group struct {
		sum float64 // of where its members want the first of it to be
		n   int
	}
	var groups []group
	for _, v := range want {
		g := group{v, 1}
		for n := len(groups); n > 0; n = len(groups) {
			before := groups[n-1]
			if before.sum/float64(before.n)+float64(before.n)*least <= g.sum/float64(g.n) {
				break
			}
			g = group{before.sum + g.sum - float64(before.n*g.n)*least, before.n + g.n}
			groups = groups[:n-1]
		}
		groups = append(groups, g)
	}
	var at []float64
	for _, g := range groups {
		first := max(low, min(g.sum/float64(g.n), high-float64(g.n-1)*least))
		for i := range g.n {
			at = append(at, first+float64(i)*least)
		}
	}
	for i := 1; i < len(at); i++ { // at the lower end
		at[i] = max(at[i], at[i-1]+least)
	}
	for i := len(at) - 2; i >= 0; i-- { // at the upper end
		at[i] = min(at[i], at[i+1]-least)
	}
	return at
}
