package main

import (
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Colours of the arms that differ in lightness, too (Okabe and Ito's blue and vermilion, "Color Universal Design",
// 2008).
var armColours = []color.Color{color.RGBA{0x00, 0x72, 0xb2, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff}, color.RGBA{0x00, 0x9e, 0x73, 0xff}}

// curves draws the training loss of every run by epoch as a PNG.
func curves(w io.Writer, runs []*run) error {
	p := plot.New()
	p.Title.Text = "Training loss of every run"
	p.X.Label.Text = "epoch"
	p.Y.Label.Text = "loss"
	p.Y.Min = 0
	p.Legend.Top = true
	for i, arm := range arms(runs) {
		first := true
		for _, r := range runs {
			if r.arm != arm {
				continue
			}
			points := make(plotter.XYs, len(r.losses))
			for k, v := range r.losses {
				points[k] = plotter.XY{X: float64(k + 1), Y: v}
			}
			line, err := plotter.NewLine(points)
			if err != nil {
				return err
			}
			line.Color = armColours[i%len(armColours)]
			p.Add(line)
			if first {
				p.Legend.Add(arm, line)
				first = false
			}
		}
	}
	picture, err := p.WriterTo(7*vg.Inch, 4*vg.Inch, "png")
	if err != nil {
		return err
	}
	_, err = picture.WriteTo(w)
	return err
}
