package main

import (
	"math"
	"slices"

	"backdrop/cmd/internal/thumbnail"
	"backdrop/lib/draw"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// A thumb is what a sheet shows of a sample.
type thumb struct {
	shape  net.Shape
	fields []draw.Field // of an image, or the middle plane of a volume: red, green and blue, or one for all channels
	lines  draw.Curves  // of a sequence

	low, high float32 // of three channels
	whole     bool    // these are whole numbers
}

const (
	thumbSide  = 256  // the greatest width and height of a picture, in pixels
	thumbLines = 3    // channels of a sequence that are drawn
	thumbCells = 1024 // stretches of a longer sequence that are drawn, as many as at least half a sheet has pixels
	piece      = 16 << 10
	colours    = 3
)

// coloured reports whether samples may be pictures of red, green and blue.
func coloured(in net.Shape) bool { return in.Dimensions() == 2 && in.C == colours }

// newThumb reads a sample of a shape, a piece at a time.
func newThumb(x pixels.Source, in net.Shape) *thumb {
	t := &thumb{shape: in, whole: true}
	if in.Dimensions() == 1 {
		t.lines = newLines(x, in)
		return t
	}
	channels := []*thumbnail.Thumbnail{thumbnail.New([]int{in.H, in.W}, thumbSide)}
	for len(channels) < colours && coloured(in) {
		channels = append(channels, thumbnail.New([]int{in.H, in.W}, thumbSide))
	}
	plane := in.H * in.W
	first := in.D / 2 * plane
	buf, mean := make([]float32, min(piece, plane)), make([]float32, min(piece, plane))
	for from := first; from < first+plane; from += len(buf) {
		n := min(len(buf), first+plane-from)
		clear(mean)
		for c := range in.C {
			x.Pixels(buf, 1, c, from, from+n)
			if coloured(in) {
				t.look(buf[:n])
				channels[c].Add(buf[:n])
				continue
			}
			for i, v := range buf[:n] {
				mean[i] += v / float32(in.C)
			}
		}
		if !coloured(in) {
			channels[0].Add(mean[:n])
		}
	}
	for _, c := range channels {
		t.fields = append(t.fields, c.Field())
	}
	return t
}

// rounding is how far values may be from what they were, by normalisation and back: of bytes, and less of smaller ones.
const rounding = 1e-3

// look takes in which values there are.
func (t *thumb) look(values []float32) {
	t.low, t.high = min(t.low, slices.Min(values)), max(t.high, slices.Max(values))
	t.whole = t.whole && !slices.ContainsFunc(values, func(v float32) bool {
		return math.Abs(float64(v)-math.Round(float64(v))) > rounding
	})
}

// newLines reads the first channels of a sequence. Of a stretch of a long one it keeps the first value, the least, the largest and
// the last (draw.Curves).
func newLines(x pixels.Source, in net.Shape) draw.Curves {
	size := (in.W + thumbCells - 1) / thumbCells
	lines := draw.Curves{Lines: make([][]float32, min(in.C, thumbLines))}
	if size > 1 {
		lines.Cells = draw.Cells{Size: size, D: 1, H: 1, W: in.W}
	}
	buf := make([]float32, max(1, piece/size)*size)
	for c := range lines.Lines {
		for from := 0; from < in.W; from += len(buf) {
			values := buf[:min(len(buf), in.W-from)]
			x.Pixels(values, 1, c, from, from+len(values))
			if size == 1 {
				lines.Lines[c] = append(lines.Lines[c], values...)
				continue
			}
			for cell := range slices.Chunk(values, size) {
				lines.Lines[c] = append(lines.Lines[c], cell[0], slices.Min(cell), slices.Max(cell), cell[len(cell)-1])
			}
		}
	}
	return lines
}

// grey is one field for all channels.
func (t *thumb) grey() draw.Field {
	if len(t.fields) == 1 {
		return t.fields[0]
	}
	mean := draw.NewField(t.fields[0].H, t.fields[0].W)
	for i := range mean.Data {
		for _, f := range t.fields {
			mean.Data[i] += f.Data[i] / float32(len(t.fields))
		}
	}
	return mean
}

// raw is a sample as it came, whose values in memory were normalised.
type raw struct {
	*pixels.Memory
	was scale.Normalisation
}

// Pixels implements pixels.Source.
func (r raw) Pixels(dst []float32, step, c, from, to int) {
	r.Memory.Pixels(dst, step, c, from, to)
	m, s := r.was.Of(c)
	for i := range to - from {
		dst[i*step] = float32(float64(dst[i*step])*float64(s) + float64(m))
	}
}
