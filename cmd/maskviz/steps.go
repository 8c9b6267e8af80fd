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
	s := &draw.Sheet{Title: fmt.Sprintf("%s: %d draws", st.heading(l), c.draws), Notes: st.span(c, l)}
	drawn := st.watch.counts("step", c.draws)
	for i := range c.draws {
		step := c.first + uint64(i)
		if err := st.watch.err(); err != nil {
			return nil, err
		}
		if err := st.draw(step, in.batch(c, step)); err != nil {
			return nil, err
		}
		p, err := st.picture(l, st.number)
		if err != nil {
			return nil, err
		}
		s.Panels = append(s.Panels, p)
		drawn()
	}
	return s, nil
}

// span says which steps a picture of several shows.
func (st *step) span(c *config, l lens) []string {
	note := fmt.Sprintf("Seed %d, steps %d to %d", st.seed, c.first, c.last)
	if models.MasksPerSample(st.net) {
		if l != nil && st.one {
			note += fmt.Sprintf(", a batch of %d that begins with this sample", st.batch)
		} else {
			note += fmt.Sprintf(", sample %d of a batch of %d", st.number, st.batch)
		}
	}
	notes := []string{note + ". Bright " + st.words().many + " pass the gradient through all masks, dark ones block it."}
	if _, ok := l.(*overlay); ok {
		notes = []string{note + ". " + l.note()}
	}
	if drawn := inCells(st.net.Input, "the mean is drawn"); drawn != "" && c.mode != "gradient" {
		notes = append(notes, drawn[1:])
	}
	if st.windows != "" {
		notes = append(notes, st.windows)
	}
	return notes
}

// frame is how long a step is shown.
const frame = 250 * time.Millisecond

// animate writes the steps from first to last as the frames of an animated PNG: what training sees of a step, and in
// how many of all steps each place's gradient survived, so far.
func (st *step) animate(w io.Writer, in *input, c *config, l lens) error {
	frames := int(c.last-c.first) + 1
	each := func(what string, do func() error) error {
		done := st.watch.counts(what, frames)
		for i := range frames {
			step := c.first + uint64(i)
			if err := st.watch.err(); err != nil {
				return err
			}
			if err := st.draw(step, in.batch(c, step)); err != nil {
				return err
			}
			if err := do(); err != nil {
				return err
			}
			done()
		}
		return nil
	}
	all := newCoverage(st.net.Input, frames)
	if err := each("mask", func() error { all.add(st.product(st.number)); return nil }); err != nil {
		return err
	}
	soFar, high := newCoverage(st.net.Input, frames), all.high()
	a := draw.NewAnimation(w, frames, frame)
	var first *draw.Sheet // which all frames are laid out as
	var canvas *image.RGBA
	err := each("frame", func() error {
		p, err := st.picture(l, st.number)
		if err != nil {
			return err
		}
		soFar.add(st.product(st.number))
		s := &draw.Sheet{Title: st.heading(l) + ", step by step", Notes: st.span(c, l), Panels: []draw.Panel{p, soFar.panel(high)}}
		if first == nil {
			s.Arrange()
			first = s
		}
		s.Columns, s.Beside = first.Columns, first.Beside
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
	draw.Volume // of a cell of a large input, the mean over its places
	in          net.Shape
	steps, seen int    // planned, and done
	sum         int    // over all places
	reached     int    // places that a step reached
	runs        []byte // bits: whether a step reached the places of a run that all masks treat alike
}

func newCoverage(in net.Shape, steps int) *coverage {
	return &coverage{Volume: newVolume(in), in: in, steps: steps}
}

// add counts a step, whose masks multiply to the product.
func (c *coverage) add(product *projection) {
	c.seen++
	for i, v := range product.over(c.in, lit).Data {
		c.Data[i] += v
	}
	run := 0
	product.runs(func(z, planes, y, rows int) {
		product.line(z, y, func(x, end int, factor float32) {
			if run%8 == 0 && run/8 == len(c.runs) {
				c.runs = append(c.runs, 0)
			}
			if bit := byte(1) << (run % 8); factor > 0 {
				places := planes * rows * (end - x)
				c.sum += places
				if c.runs[run/8]&bit == 0 {
					c.runs[run/8] |= bit
					c.reached += places
				}
			}
			run++
		})
	})
}

// high is the largest count.
func (c *coverage) high() float64 { return draw.Span(c.Row()).High }

func (c *coverage) panel(high float64) draw.Panel {
	share, w, places := newVolume(c.in), words[c.in.Dimensions()], c.in.Size().Product()
	for i, v := range c.Data {
		share.Data[i] = v / float32(c.steps)
	}
	return draw.Panel{
		Title:    fmt.Sprintf("coverage · %d of %d steps", c.seen, c.steps),
		Pictures: view{values: share, colours: draw.Heatmap{Map: draw.Viridis, Range: upTo(high / float64(c.steps)), Bar: true}}.pictures(c.in),
		Captions: []string{
			fmt.Sprintf("share of the %d steps that reached a %s", c.steps, w.one),
			fmt.Sprintf("%s %% of the %s were reached so far", percent(c.reached, places), w.all),
			fmt.Sprintf("mean share %.3g", float64(c.sum)/float64(c.steps)/float64(places)),
		},
	}
}
