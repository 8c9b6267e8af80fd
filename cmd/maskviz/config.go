package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/net"
)

// config is what the flags ask for, checked. Nothing changes it.
type config struct {
	preset net.Shape // --size or --shape; zero for that of SAMPLES
	tool.Common
	request

	samples                       string // the argument; "" means none
	classesSet, seedSet, batchSet bool   // the flags are given
	masks                         []string
	first, last                   uint64 // steps that are drawn
	pinned                        []pin
	layout                        dataset.Layout // --axes; "" if the data say it
	number                        int            // in the batch, of the sample that is shown where one is
}

// pin is the cell that --pin keeps of a layer's mask.
type pin struct {
	Name string
	Cell []int // its place along each axis, as pinForms names them
}

// pinForms are the names of a cell's numbers, by the number of dimensions less one.
var pinForms = [3][]string{{"COL"}, {"ROW", "COL"}, {"PLANE", "ROW", "COL"}}

// MarshalJSON writes the name and each number of the cell: {"name": "coarse", "row": 2, "col": 2}.
func (p pin) MarshalJSON() ([]byte, error) {
	form := struct {
		Name  string `json:"name"`
		Plane *int   `json:"plane,omitempty"`
		Row   *int   `json:"row,omitempty"`
		Col   *int   `json:"col"`
	}{Name: p.Name}
	numbers := [3]**int{&form.Plane, &form.Row, &form.Col}
	for i := range p.Cell {
		*numbers[3-len(p.Cell)+i] = &p.Cell[i]
	}
	return json.Marshal(form)
}

// parse looks at the flags and the argument before anything is read.
func (f *flags) parse(c *cli.Context) (*config, error) {
	if err := f.Apply(); err != nil {
		return nil, err
	}
	layout, err := tool.Axes(f.axes)
	if err != nil {
		return nil, err
	}
	samples, err := tool.Argument(c, "SAMPLES")
	if err != nil {
		return nil, err
	}
	p := &config{layout: layout,
		Common: f.Common, request: f.request, samples: samples, masks: f.masks.Value(),
		classesSet: c.IsSet("classes"), seedSet: c.IsSet("seed"), batchSet: c.IsSet("batch"),
	}
	if err := p.contradictions(c); err != nil {
		return nil, err
	}
	switch {
	case p.size > 0:
		p.preset = net.Shape{C: 1, H: p.size, W: p.size}
	case p.shape != "":
		if p.preset, err = models.ParseShape(p.shape, layout); err != nil {
			return nil, tool.Usage(err)
		}
	}
	if models.IsPreset(p.net) && p.preset != (net.Shape{}) {
		if _, err := models.Network(p.net, p.preset, p.classes); err != nil {
			return nil, tool.Usage(err)
		}
	}
	if p.first, p.last, err = p.shownSteps(); err != nil {
		return nil, tool.Usage(err)
	}
	if p.pinned, err = parsePins(f.pins.Value()); err != nil {
		return nil, err
	}
	if p.number, err = p.inBatch(); err != nil {
		return nil, err
	}
	return p, p.checkNames()
}

// one reports whether a single sample is shown.
func (p *config) one() bool { return p.draws > 0 || p.steps != "" || p.sample != "" }

// inBatch is the number in the batch of the sample that is shown, where one is; --mode overlay and gradient begin the batch with it.
func (p *config) inBatch() (int, error) {
	if p.sample == "" || p.mode != "masks" {
		return 0, nil
	}
	n, err := strconv.ParseUint(p.sample, 10, 31)
	if err != nil {
		return 0, tool.Usagef("--sample %s: --mode masks counts the samples of a step from 0; keys are for --mode overlay and gradient, which show SAMPLES", stream.Quote(p.sample))
	}
	return int(n), nil
}

// contradictions finds flags that cannot stand together, and values out of range.
func (p *config) contradictions(c *cli.Context) error {
	switch {
	case p.mode != "masks" && p.mode != "gradient" && p.mode != "overlay":
		return tool.Usagef("--mode must be masks, gradient or overlay, got %q", p.mode)
	case p.format != "png" && p.format != "stream":
		return tool.Usagef("--format must be png or stream, got %q", p.format)
	case p.format == "stream" && p.mode != "masks":
		return tool.Usagef("--format stream holds masks, not the picture of --mode %s", p.mode)
	case p.format == "stream" && (p.steps != "" || c.IsSet("draws")):
		return tool.Usagef("--format stream holds the masks of one step; leave out --draws and --steps")
	case p.format == "stream" && c.IsSet("sample"):
		return tool.Usagef("--format stream holds the masks of all samples of a step; leave out --sample")
	case p.steps != "" && (c.IsSet("step") || c.IsSet("draws")):
		return tool.Usagef("--steps says which steps are drawn; leave out --step and --draws")
	case c.IsSet("draws") && (p.draws < 1 || p.draws > maxDraws):
		return tool.Usagef("--draws must be between 1 and %d, got %d", maxDraws, p.draws)
	case p.draws > 0 && p.step > math.MaxUint64-uint64(p.draws-1):
		return tool.Usagef("--draws %d: there are not that many steps from --step %d on", p.draws, p.step)
	case p.model == "" && p.net == "":
		return tool.Usagef("there is nothing to draw the masks of; give -m MODEL or --net NET")
	case p.model != "" && p.net != "":
		return tool.Usagef("-m and --net contradict each other")
	case c.IsSet("size") && p.size < 1:
		return tool.Usagef("--size must be positive, got %d", p.size)
	case c.IsSet("shape") && p.size > 0:
		return tool.Usagef("--size and --shape exclude each other")
	case p.classes < 1:
		return tool.Usagef("--classes must be positive, got %d", p.classes)
	case p.batch < 1:
		return tool.Usagef("--batch must be positive, got %d", p.batch)
	case p.model == "-" && p.samples == "-":
		return tool.Usagef("the model and SAMPLES cannot both be standard input")
	}
	return nil
}

// checkNames looks at the files that the flags name.
func (p *config) checkNames() error {
	out := tool.Name{Flag: "-o", File: p.Output}
	err := tool.Distinct([]tool.Name{out}, []tool.Name{{Flag: "-m", File: p.model}, {Flag: "--net", File: p.net}, {Flag: "SAMPLES", File: p.samples}, {Flag: "--labels", File: p.labels}})
	if err != nil {
		return err
	}
	if p.format == "png" {
		try := ""
		if p.mode == "masks" && p.steps == "" && p.draws == 0 {
			try = ", or .tar.zst with --format stream for the masks as arrays"
		}
		return tool.PictureName(out, try)
	}
	return tool.StreamName(out, ", or leave out --format stream for a picture")
}

// maxDraws bounds the panels of a sheet, and maxFrames the frames of an animation: four minutes.
const (
	maxDraws  = 64
	maxFrames = 1000
)

// shownSteps says which steps are drawn, from the first to the last.
func (p *config) shownSteps() (first, last uint64, err error) {
	if p.steps == "" {
		return p.step, p.step + uint64(max(p.draws, 1)) - 1, nil
	}
	from, to, ok := strings.Cut(p.steps, "..")
	first, err = strconv.ParseUint(from, 10, 64)
	last, err2 := strconv.ParseUint(to, 10, 64)
	switch {
	case !ok || err != nil || err2 != nil:
		return 0, 0, fmt.Errorf("--steps %q is not of the form A..B, such as 0..49", p.steps)
	case first > last:
		return 0, 0, fmt.Errorf("--steps %s goes backwards; write %d..%d", p.steps, last, first)
	case last-first >= maxFrames:
		return 0, 0, fmt.Errorf("--steps %s is longer than the limit of %d frames; try %d..%d", p.steps, maxFrames, first, first+maxFrames-1)
	}
	return first, last, nil
}

// parsePins reads the values of --pin, of each layer one.
func parsePins(texts []string) ([]pin, error) {
	var pins []pin
	for _, text := range texts {
		p, err := parsePin(text)
		if err != nil {
			return nil, tool.Usage(err)
		}
		if slices.ContainsFunc(pins, func(q pin) bool { return q.Name == p.Name }) {
			return nil, tool.Usagef("--pin pins %s twice", p.Name)
		}
		pins = append(pins, p)
	}
	return pins, nil
}

func parsePin(s string) (pin, error) {
	name, cell, ok := strings.Cut(s, "=")
	numbers := strings.Split(cell, ",")
	p := pin{Name: name}
	for _, text := range numbers {
		n, err := strconv.Atoi(text)
		ok = ok && err == nil
		p.Cell = append(p.Cell, n)
	}
	if !ok || name == "" || len(numbers) > 3 {
		return pin{}, fmt.Errorf("--pin %q is not of the form NAME=ROW,COL, such as coarse=2,2 (of sequences NAME=COL, of volumes NAME=PLANE,ROW,COL)", s)
	}
	return p, nil
}
