package main

import (
	"fmt"
	"strconv"
	"strings"

	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// A view is what a panel shows of values that belong to the places of the input. How it is drawn depends on the number of
// dimensions: a sequence as curves and a strip of colours, an image as a heat map, a volume as slices and projections.
type view struct {
	values     draw.Volume
	photo      [3]draw.Field   // the red, green and blue of an image, instead of values; zero for none
	colours    draw.Heatmap    // of the values
	lit        draw.Volume     // whether a value has its colour, 0 or 1; the zero Volume lights all
	box        *draw.Box       // outlined in red; nil for none
	channels   draw.Curves     // of a sequence: their lines, drawn in the light above the values
	projection draw.Projection // of the values of a volume
}

// pictures draws the view of inputs of that shape.
func (v view) pictures(in net.Shape) []draw.Picture {
	v.colours.Ruler = true
	switch in.Dimensions() {
	case 1:
		return v.sequence(in)
	case 2:
		if v.photo[0].Data != nil {
			return []draw.Picture{draw.Photo{Channels: v.photo, Lit: v.lit.Field(), Ruler: true}}
		}
		return []draw.Picture{v.image()}
	}
	return v.volume()
}

// image is all values, which lie in one plane, as a heat map.
func (v view) image() draw.Heatmap {
	h := v.colours
	h.Field, h.Lit = v.values.Field(), v.lit.Field()
	if v.box != nil {
		h.Outlines = append(h.Outlines, v.box.Seen(net.D))
	}
	return h
}

// maxCurves is the number of channels of a sequence that are drawn.
const maxCurves = 16

// sequence draws curves of the channels, as many as there are, and a strip of the values, if there are any.
func (v view) sequence(in net.Shape) []draw.Picture {
	var pictures []draw.Picture
	if c := v.channels; len(c.Lines) > 0 {
		c.Lit, c.Ruler = v.lit.Data, v.values.Data == nil
		if in.C > 1 {
			for i := range c.Lines {
				c.Names = append(c.Names, "channel "+strconv.Itoa(i))
			}
		}
		pictures = append(pictures, c)
	}
	if v.values.Data != nil {
		v.lit = draw.Volume{} // it falls on the curves
		pictures = append(pictures, draw.Strip{Heatmap: v.image()})
	}
	return pictures
}

// volume draws three slices through the centre, and projections: of the values or, where there is light, of it.
func (v view) volume() []draw.Picture {
	var boxes []draw.Box
	if v.box != nil {
		boxes = append(boxes, *v.box)
	}
	centre, thick := [3]int{v.values.D / 2, v.values.H / 2, v.values.W / 2}, ""
	if c := v.values.Cells; c.Size > 1 {
		centre, thick = [3]int{c.D / 2, c.H / 2, c.W / 2}, fmt.Sprintf(", %d voxels thick", c.Size)
	}
	slices := v.values.Slices(v.colours, centre, v.lit, boxes)
	slices.Caption = fmt.Sprintf("slices through the centre%s: plane %d, row %d, column %d", thick, centre[0], centre[1], centre[2])
	var projections draw.Views
	switch {
	case v.lit.Data != nil:
		share := draw.Heatmap{Map: draw.Viridis, Range: draw.Range{High: 1}, Bar: true}
		projections = draw.Projections(share, v.lit.Project(draw.Average), boxes)
		projections.Caption = "share that survives along each axis"
	case v.projection == draw.Largest:
		projections = draw.Projections(v.colours, v.values.Project(draw.Largest), boxes)
		projections.Caption = "largest value along each axis"
	default:
		projections = draw.Projections(v.colours, v.values.Project(draw.Average), boxes)
		projections.Caption = "mean along each axis"
	}
	return []draw.Picture{slices, projections}
}

type inputWords struct{ one, many, short, all, parts string }

// words name the places of inputs by the number of dimensions.
var words = [...]inputWords{
	1: {"point", "points", "points", "sequence", "stretches"},
	2: {"pixel", "pixels", "px", "area", "patches"},
	3: {"voxel", "voxels", "voxels", "volume", "patches"},
}

// axisWords name what is counted along each axis of images and volumes.
var axisWords = [3]string{"plane", "row", "column"}

// namedCurves says which channels of a sequence are drawn, if not all are; "" else.
func namedCurves(in net.Shape) string {
	if in.Dimensions() > 1 || in.C <= maxCurves {
		return ""
	}
	return fmt.Sprintf(" The lines are the first %d of %d channels.", maxCurves, in.C)
}

// by writes sizes as 3×4.
func by(sizes []int) string {
	texts := make([]string, len(sizes))
	for i, n := range sizes {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, "×")
}
