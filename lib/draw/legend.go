package draw

import (
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend is set in lines, like words.
type legend struct {
	keys  []key
	style draw.TextStyle
}

// A key is an entry of a legend: what is drawn, and what it means.
type key struct {
	name  string
	thumb plot.Thumbnailer
}

// Sizes of a legend.
var (
	thumbWidth = vg.Points(20)
	thumbGap   = vg.Points(5)
	keyGap     = vg.Points(12)
)

func newLegend() legend { return legend{style: sans(plot.New()).Legend.TextStyle} }

func (l *legend) add(name string, thumb plot.Thumbnailer) {
	l.keys = append(l.keys, key{settable(name), thumb})
}

func (l legend) width(k key) vg.Length { return thumbWidth + thumbGap + l.style.Width(k.name) }

func (l legend) line() vg.Length { return l.style.Font.Size * 1.4 }

func (l legend) height(rows [][]key) vg.Length { return vg.Length(len(rows)) * l.line() }

// fitting is a name that is no wider than room. One that is too wide loses its beginning: the ends of file names differ.
func fitting(name string, style draw.TextStyle, room vg.Length) string {
	short := name
	for short != "" && style.Width(name) > room {
		_, n := utf8.DecodeRuneInString(short)
		short = short[n:]
		name = "…" + short
	}
	return name
}

// rows breaks the legend into lines no wider than width.
func (l legend) rows(width vg.Length) [][]key {
	var rows [][]key
	used := width
	for _, k := range l.keys {
		k.name = fitting(k.name, l.style, width-thumbWidth-thumbGap)
		if used+keyGap+l.width(k) > width {
			rows, used = append(rows, nil), -keyGap
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], k)
		used += keyGap + l.width(k)
	}
	return rows
}

// draw sets the lines from the upper left corner of c.
func (l legend) draw(c draw.Canvas, rows [][]key) {
	style := l.style
	style.YAlign = draw.YCenter
	for i, row := range rows {
		at := vg.Point{X: c.Min.X, Y: c.Max.Y - (vg.Length(i)+0.5)*l.line()}
		for _, k := range row {
			thumb := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: at.X, Y: at.Y - style.Font.Size/2}, Max: vg.Point{X: at.X + thumbWidth, Y: at.Y + style.Font.Size/2},
			}}
			k.thumb.Thumbnail(&thumb)
			c.FillText(style, vg.Point{X: at.X + thumbWidth + thumbGap, Y: at.Y}, k.name)
			at.X += l.width(k) + keyGap
		}
	}
}
