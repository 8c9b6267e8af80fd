package main

import (
	"fmt"
	"image"
	stdraw "image/draw"
	"io"
	"time"

	"backdrop/cmd/internal/models"
	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// picture draws what --mode shows of one sample of a step: the product of the masks unless a lens shows more.
func (st *step) picture(l lens, sample int) (draw.Panel, error) {
	var p draw.Panel
	if l == nil {
		p = st.productPanel(sample)
	} else {
		if err := l.look(st); err != nil {
			return p, err
		}
		p = l.panel(st, sample)
	}
	p.Title += fmt.Sprintf(" · step %d", st.step)
	return p, nil
}

// draws is a sheet of the steps from first to last, a panel each. Of a batch it shows the first sample.
func (st *step) draws(in *input, c *config, l lens) (*draw.Sheet, error) {
	if err := st.fits(c.draws, "--draws"); err != nil {
		return nil, err
	}
	s := &draw.Sheet{Title: fmt.Sprintf("%s: %d draws", st.heading(l), c.draws), Notes: st.span(c, l)}
	for i := range c.draws {
		step := c.first + uint64(i)
		if err := st.draw(step, in.batch(c, step)); err != nil {
			return nil, err
		}
		p, err := st.picture(l, 0)
		if err != nil {
			return nil, err
		}
		s.Panels = append(s.Panels, p)
	}
	return s, nil
}

// span says which steps a picture of several shows.
func (st *step) span(c *config, l lens) []string {
	note := fmt.Sprintf("Seed %d, steps %d to %d", st.seed, c.first, c.last)
	if models.MasksPerSample(st.net) {
		note += fmt.Sprintf(", sample 0 of a batch of %d", st.batch)
	}
	notes := []string{note + ". Bright " + st.words().many + " pass the gradient through all masks, dark ones block it."}
	if _, ok := l.(*overlay); ok {
		notes = []string{note + ". " + l.note()}
	}
	return notes
}

// frame is how long a step is shown.
const frame = 250 * time.Millisecond

// animate writes the steps from first to last as the frames of an animated PNG: what training sees of a step, and in
// how many of all steps each place's gradient survived, so far.
func (st *step) animate(w io.Writer, in *input, c *config, l lens) error {
	if err := st.fits(3, ""); err != nil {
		return err
	}
	frames := int(c.last-c.first) + 1
	each := func(do func() error) error {
		for i := range frames {
			step := c.first + uint64(i)
			if err := st.draw(step, in.batch(c, step)); err != nil {
				return err
			}
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	}
	all := newCoverage(st.net.Input, frames)
	if err := each(func() error { all.add(st.product(0)); return nil }); err != nil {
		return err
	}
	soFar, high := newCoverage(st.net.Input, frames), draw.Span(all.Row()).High
	a := draw.NewAnimation(w, frames, frame)
	var canvas *image.RGBA
	err := each(func() error {
		p, err := st.picture(l, 0)
		if err != nil {
			return err
		}
		soFar.add(st.product(0))
		s := &draw.Sheet{Title: st.heading(l) + ", step by step", Notes: st.span(c, l), Panels: []draw.Panel{p, soFar.panel(high)}}
		img, err := s.Image()
		if err != nil {
			return err
		}
		if canvas == nil {
			canvas = image.NewRGBA(img.Rect)
		}
		// A caption that takes one more line than in the first frame would make this one larger.
		stdraw.Draw(canvas, canvas.Rect, image.White, image.Point{}, stdraw.Src)
		stdraw.Draw(canvas, canvas.Rect, img, image.Point{}, stdraw.Src)
		return a.Add(canvas)
	})
	if err != nil {
		return err
	}
	return a.Close()
}

// coverage counts the steps in which the gradient of each place of the input survived.
type coverage struct {
	draw.Volume
	in          net.Shape
	steps, seen int // planned, and done
}

func newCoverage(in net.Shape, steps int) *coverage {
	return &coverage{Volume: newVolume(in), in: in, steps: steps}
}

// add counts a step, whose masks multiply to the product.
func (c *coverage) add(product draw.Volume) {
	c.seen++
	for i, v := range product.Data {
		if v > 0 {
			c.Data[i]++
		}
	}
}

func (c *coverage) panel(high float64) draw.Panel {
	share, w := newVolume(c.in), words[c.in.Dimensions()]
	sum, reached := 0.0, 0
	for i, v := range c.Data {
		share.Data[i] = v / float32(c.steps)
		sum += float64(share.Data[i])
		if v > 0 {
			reached++
		}
	}
	return draw.Panel{
		Title:    fmt.Sprintf("coverage · %d of %d steps", c.seen, c.steps),
		Pictures: view{values: share, colours: draw.Heatmap{Map: draw.Viridis, Range: upTo(high / float64(c.steps)), Bar: true}}.pictures(c.in),
		Captions: []string{
			fmt.Sprintf("share of the %d steps that reached a %s", c.steps, w.one),
			fmt.Sprintf("%s %% of the %s were reached so far", percent(reached, len(c.Data)), w.all),
			fmt.Sprintf("mean share %.3g", sum/float64(len(c.Data))),
		},
	}
}
