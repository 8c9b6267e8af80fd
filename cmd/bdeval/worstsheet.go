package main

import (
	"fmt"
	"math"
	"strconv"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// mostDrawn is how many samples a sheet has at most.
const mostDrawn = 200

// sheetColumns is how many pictures stand beside each other, and the side that they have at most; 0 if there is room. Lines of
// sequences are long.
func sheetColumns(in net.Shape) (columns, side int) {
	if in.Dimensions() == 1 {
		return 2, 0
	}
	return 5, thumbSide
}

// sheetBytes bounds the memory of the pictures of that many samples, and of the sheet that is drawn of them at the end.
func sheetBytes(in net.Shape, samples int) (photos, sheet float64) {
	const width, lines, text = 1600, 330, 120 // pixels: of the sheet, of a sequence, and of what stands over and under a picture
	height, each := thumbSide, 4*min(in.C, colours)*thumbSide*thumbSide
	if in.Dimensions() == 1 {
		height, each = lines, 4*4*thumbLines*thumbCells
	}
	columns, _ := sheetColumns(in)
	rows := (samples + columns - 1) / columns
	photos = float64(samples * each)
	return photos, photos + 4*width*float64((rows+1)*(height+text)) // pictures in colours are made of copies
}

// sheet shows the samples with the largest loss.
func (sc *scored) sheet(c *config) *draw.Sheet {
	w, in := sc.worst, sc.input
	list := w.list()
	columns, side := sheetColumns(in)
	title := fmt.Sprintf("The %d samples of %d with the largest loss", len(list), w.seen)
	if len(list) == 1 {
		title = fmt.Sprintf("The sample with the largest loss, of %d", w.seen)
	}
	s := &draw.Sheet{
		Title:   title,
		Notes:   []string{fmt.Sprintf("%s, judged on %s. Under each: true class → predicted class, and p, %s.", sc.from, tool.InputName(c.data), w.meaning())},
		Columns: min(columns, len(list)), Side: side,
	}
	full := colourRange(list)
	if note := shownOf(in, full); note != "" {
		s.Notes = append(s.Notes, note)
	}
	for _, sample := range list {
		became := stream.Printable(fmt.Sprintf("%s → %s", w.className(sample), w.names[sample.predicted]))
		how := fmt.Sprintf("p = %.3g", sample.probability())
		if w.folds {
			how += fmt.Sprintf(", fold %d", sample.fold)
		}
		p := draw.Panel{Title: stream.Printable(sample.key), Captions: []string{became, how}}
		switch t := sample.picture; {
		case in.Dimensions() == 1:
			lines := t.lines
			if lines.Plain, lines.Ruler = true, true; in.C > 1 {
				for i := range lines.Lines {
					lines.Names = append(lines.Names, "channel "+strconv.Itoa(i))
				}
			}
			p.Pictures = []draw.Picture{lines}
		case full > 0:
			p.Pictures = []draw.Picture{t.photo(full)}
		default:
			grey := t.grey()
			span := draw.Span(grey)
			p.Pictures = []draw.Picture{draw.Heatmap{Field: grey, Map: draw.Greys, Range: span}}
			p.Captions = append(p.Captions, fmt.Sprintf("black %.4g, white %.4g", span.Low, span.High))
			if in.Dimensions() == 3 {
				p.Captions = append(p.Captions, fmt.Sprintf("plane %d of %d", t.shape.D/2, t.shape.D))
			}
		}
		s.Panels = append(s.Panels, p)
	}
	return s
}

// colourRange is the value of full light if all samples are pictures in colours, from 0 to 1 or in bytes; else 0.
func colourRange(list []judgedSample) float32 {
	all := thumb{whole: true}
	for _, s := range list {
		t := s.picture
		if len(t.fields) != colours {
			return 0
		}
		all.low, all.high, all.whole = min(all.low, t.low), max(all.high, t.high), all.whole && t.whole
	}
	switch {
	case all.low < -rounding || all.high > math.MaxUint8+rounding:
		return 0
	case all.high <= 1+rounding:
		return 1
	case all.whole:
		return math.MaxUint8
	}
	return 0
}

// photo is a picture in colours.
func (t *thumb) photo(full float32) (p draw.Photo) {
	for c, f := range t.fields {
		p.Channels[c] = draw.NewField(f.H, f.W)
		for i, v := range f.Data {
			p.Channels[c].Data[i] = v / full
		}
	}
	return p
}

// shownOf says what is shown of samples that have more than a picture shows; "" if they have not.
func shownOf(in net.Shape, full float32) string {
	switch {
	case in.Dimensions() == 1 && in.C > thumbLines:
		return fmt.Sprintf("The lines are the first %d of %d channels.", thumbLines, in.C)
	case in.Dimensions() > 1 && in.C > 1 && full == 0:
		return fmt.Sprintf("Brightness is the mean over %d channels.", in.C)
	}
	return ""
}
