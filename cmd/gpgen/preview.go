package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/thumbnail"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	pictures "backdrop/lib/draw" // draw is what this tool does
)

// maxPreview is how many classes a preview shows, and maxPreviewSide how many pixels of each: a sheet is 1600 wide.
const (
	maxPreview     = 16
	maxPreviewSide = 1600
)

// A preview is a sheet with the first sample of each class that is drawn.
type preview struct {
	out     *tool.Output // nil: none is wanted
	endless bool         // there is no last sample
	title   string
	from    source
	shown   []shown
}

// newPreview opens the file of a preview if one is asked for.
func newPreview(results *tool.Results, o *options, from source) (*preview, error) {
	p := &preview{endless: o.n == 0, title: o.title(), from: from}
	if o.preview == "" {
		return p, nil
	}
	var err error
	p.out, err = results.Create(o.preview, tool.Binary)
	return p, err
}

// previewing bounds the bytes of a preview: the sheet, the fields that it shows, and rows before they are made smaller.
func (o *options) previewing(shape []int, classes int) float64 {
	if o.preview == "" {
		return 0
	}
	width, height := shape[len(shape)-1], 1
	if len(shape) > 1 {
		height = shape[len(shape)-2]
	}
	side := float64(min(width, maxPreviewSide)) * float64(min(height, maxPreviewSide))
	rows := float64(width) * float64(thumbnail.Shrink(height, width, maxPreviewSide))
	const sheet = 2 * maxPreviewSide * maxPreviewSide // pixels: panels, and what is written under them
	return 4 * (float64(min(maxPreview, classes))*side + rows + sheet)
}

// shown is a sample on a sheet.
type shown struct {
	class, number int
	field         pictures.Field
}

func (o *options) previewFlag() cli.Flag {
	return &cli.StringFlag{Name: "preview", Usage: "also write a sheet of one sample of each class, at most 16, to `FILE.png`", Destination: &o.preview}
}

// checkPreview refuses a preview that is not a file of its own.
func (o *options) checkPreview(*cli.Context) error {
	names := []tool.Name{{Flag: "--preview", File: o.preview}, {Flag: "--labels", File: o.labels}, {Flag: "-o", File: o.Output}}
	if err := tool.Files(names[:1]); err != nil {
		return err
	}
	return tool.Distinct(names, nil)
}

// full tells whether no further sample is wanted.
func (p *preview) full() bool {
	return p.out == nil || len(p.shown) == min(maxPreview, len(p.from.Classes()))
}

// wants reports whether a sample is the first of its class.
func (p *preview) wants(number int) bool {
	class := p.from.Class(number)
	return !p.full() && !slices.ContainsFunc(p.shown, func(s shown) bool { return s.class == class })
}

// add takes a sample if it is the first of its class.
func (p *preview) add(number int, x []float32) error {
	if !p.wants(number) {
		return nil
	}
	return p.show(number, picture(x, p.from.Shape()))
}

// picture returns the picture of a sample.
func picture(x []float32, shape []int) pictures.Field {
	t := thumbnail.New(shape, maxPreviewSide)
	t.Add(x)
	return t.Field()
}

// watch returns a sample that is to be handed on instead of x, and what to call when it has been, which adds it if it is the
// first of its class.
func (p *preview) watch(number int, x stream.Parts) (watched stream.Parts, done func() error) {
	if !p.wants(number) {
		return x, func() error { return nil }
	}
	t := thumbnail.New(p.from.Shape(), maxPreviewSide)
	watched = func(take func([]float32) error) error {
		return x(func(part []float32) error {
			t.Add(part)
			return take(part)
		})
	}
	return watched, func() error { return p.show(number, t.Field()) }
}

// show takes the picture of a sample. Where there is no last sample, the sheet is written when it is full.
func (p *preview) show(number int, f pictures.Field) error {
	p.shown = append(p.shown, shown{p.from.Class(number), number, f})
	if !p.endless || !p.full() {
		return nil
	}
	if err := p.sheet().Encode(p.out); err != nil {
		return err
	}
	return p.out.Commit()
}

// finish writes the sheet, which appears with the samples.
func (p *preview) finish() error {
	switch {
	case p.out == nil || p.endless:
		return nil
	case len(p.shown) == 0:
		p.out.Abort()
		return nil
	}
	return p.sheet().Encode(p.out)
}

func (p *preview) sheet() *pictures.Sheet {
	slices.SortFunc(p.shown, func(a, b shown) int { return a.class - b.class })
	names, shape := p.from.Classes(), p.from.Shape()
	sheet := &pictures.Sheet{Title: p.title, Notes: []string{p.note()}}
	var fields []pictures.Field
	for _, s := range p.shown {
		fields = append(fields, s.field)
	}
	all := pictures.Span(fields...)
	for _, s := range p.shown {
		panel := pictures.Panel{Title: names[s.class], Pictures: []pictures.Picture{pictures.Heatmap{Field: s.field, Map: pictures.Inferno, Range: all, Bar: true}},
			Captions: []string{fmt.Sprintf("class %d, sample %d", s.class, s.number)}}
		if len(shape) == 3 {
			panel.Captions[0] += fmt.Sprintf(", slice %d of %d", shape[0]/2, shape[0])
		}
		sheet.Panels = append(sheet.Panels, panel)
	}
	return sheet
}

func (p *preview) note() string {
	classes := len(p.from.Classes())
	note := fmt.Sprintf("The first sample of each of %d classes", classes)
	if len(p.shown) < classes {
		note = fmt.Sprintf("The first samples of %d of %d classes", len(p.shown), classes)
	}
	return note + "; colours are the same for all."
}

// title says in a few words what was drawn.
func (o *options) title() string {
	if o.crossing != nil {
		return "Fields " + o.fields
	}
	var sizes []string
	for _, n := range o.spec.Shape {
		sizes = append(sizes, fmt.Sprint(n))
	}
	boundary := o.boundary
	if o.spec.Patches {
		boundary = "patches"
	}
	return fmt.Sprintf("Gaussian-process textures: %s, %s, %s pixels, power %s, seed %d", o.kernel, boundary, strings.Join(sizes, "×"), o.power, o.seed)
}
