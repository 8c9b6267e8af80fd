package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// options are all flags.
type options struct {
	tool.Common

	model, net    string
	size, classes int
	mode, format  string
	seed, step    uint64
	batch         int
	draws         int
	steps         string
	masks, pins   cli.StringSlice
	labels        string
	samples       string // the argument; "" means none

	classesSet, seedSet, batchSet bool
	first, last                   uint64 // steps that are drawn
	pinned                        []pin
}

// pin is the cell that --pin keeps of a layer's mask.
type pin struct {
	Name string `json:"name"`
	Row  int    `json:"row"`
	Col  int    `json:"col"`
}

// check looks at the flags before anything is read.
func (o *options) check(c *cli.Context) error {
	if err := o.Apply(); err != nil {
		return err
	}
	var err error
	if o.samples, err = tool.Argument(c, "SAMPLES"); err != nil {
		return err
	}
	o.classesSet, o.seedSet, o.batchSet = c.IsSet("classes"), c.IsSet("seed"), c.IsSet("batch")
	switch {
	case o.mode != "masks" && o.mode != "gradient" && o.mode != "overlay":
		return tool.Usagef("--mode must be masks, gradient or overlay, got %q", o.mode)
	case o.format != "png" && o.format != "stream":
		return tool.Usagef("--format must be png or stream, got %q", o.format)
	case o.format == "stream" && o.mode != "masks":
		return tool.Usagef("--format stream holds masks, not the picture of --mode %s", o.mode)
	case o.format == "stream" && (o.steps != "" || c.IsSet("draws")):
		return tool.Usagef("--format stream holds the masks of one step; leave out --draws and --steps")
	case o.steps != "" && (c.IsSet("step") || c.IsSet("draws")):
		return tool.Usagef("--steps says which steps are drawn; leave out --step and --draws")
	case c.IsSet("draws") && (o.draws < 1 || o.draws > maxDraws):
		return tool.Usagef("--draws must be between 1 and %d, got %d", maxDraws, o.draws)
	case o.draws > 0 && o.step > math.MaxUint64-uint64(o.draws-1):
		return tool.Usagef("--draws %d: there are not so many steps from --step %d on", o.draws, o.step)
	case o.model == "" && o.net == "":
		return tool.Usagef("there is nothing to draw the masks of; give -m MODEL or --net NET")
	case o.model != "" && o.net != "":
		return tool.Usagef("-m and --net contradict each other")
	case c.IsSet("size") && o.size < 1:
		return tool.Usagef("--size must be positive, got %d", o.size)
	case o.classes < 1:
		return tool.Usagef("--classes must be positive, got %d", o.classes)
	case o.batch < 1:
		return tool.Usagef("--batch must be positive, got %d", o.batch)
	case o.model == "-" && o.samples == "-":
		return tool.Usagef("the model and SAMPLES cannot both be standard input")
	}
	if err := o.setSteps(); err != nil {
		return tool.Usage(err)
	}
	for _, s := range o.pins.Value() {
		p, err := parsePin(s)
		if err != nil {
			return tool.Usage(err)
		}
		if slices.ContainsFunc(o.pinned, func(q pin) bool { return q.Name == p.Name }) {
			return tool.Usagef("--pin pins %s twice", p.Name)
		}
		o.pinned = append(o.pinned, p)
	}
	out := tool.Name{Flag: "-o", File: o.Output}
	err = tool.Distinct([]tool.Name{out}, []tool.Name{{Flag: "-m", File: o.model}, {Flag: "--net", File: o.net}, {Flag: "SAMPLES", File: o.samples}, {Flag: "--labels", File: o.labels}})
	if err != nil || o.format != "stream" {
		return err
	}
	return tool.StreamName(out, ", or leave out --format stream for a picture")
}

// maxDraws bounds the panels of a sheet, and maxFrames the frames of an animation: four minutes.
const (
	maxDraws  = 64
	maxFrames = 1000
)

// setSteps says which steps are drawn.
func (o *options) setSteps() error {
	o.first, o.last = o.step, o.step
	if o.draws > 0 {
		o.last += uint64(o.draws) - 1
	}
	if o.steps == "" {
		return nil
	}
	from, to, ok := strings.Cut(o.steps, "..")
	a, err := strconv.ParseUint(from, 10, 64)
	b, err2 := strconv.ParseUint(to, 10, 64)
	switch {
	case !ok || err != nil || err2 != nil:
		return fmt.Errorf("--steps %q is not of the form A..B, such as 0..49", o.steps)
	case a > b:
		return fmt.Errorf("--steps %s goes backwards; write %d..%d", o.steps, b, a)
	case b-a >= maxFrames:
		return fmt.Errorf("--steps %s is longer than the limit of %d frames; try %d..%d", o.steps, maxFrames, a, a+maxFrames-1)
	}
	o.first, o.last = a, b
	return nil
}

func parsePin(s string) (pin, error) {
	name, cell, ok := strings.Cut(s, "=")
	row, col, ok2 := strings.Cut(cell, ",")
	r, err := strconv.Atoi(row)
	c, err2 := strconv.Atoi(col)
	if !ok || !ok2 || name == "" || err != nil || err2 != nil {
		return pin{}, fmt.Errorf("--pin %q is not of the form NAME=ROW,COL, such as coarse=2,2", s)
	}
	return pin{name, r, c}, nil
}
