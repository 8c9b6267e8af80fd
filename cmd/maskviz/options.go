package main

import (
	"fmt"
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
	masks, pins   cli.StringSlice
	labels        string
	samples       string // the argument; "" means none

	classesSet, seedSet bool
	pinned              []pin
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
	o.classesSet, o.seedSet = c.IsSet("classes"), c.IsSet("seed")
	switch {
	case o.mode != "masks" && o.mode != "gradient":
		return tool.Usagef("--mode must be masks or gradient, got %q", o.mode)
	case o.format != "png" && o.format != "stream":
		return tool.Usagef("--format must be png or stream, got %q", o.format)
	case o.format == "stream" && o.mode != "masks":
		return tool.Usagef("--format stream holds masks, not the picture of --mode %s", o.mode)
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
	return tool.Distinct([]tool.Name{{Flag: "-o", File: o.Output}},
		[]tool.Name{{Flag: "-m", File: o.model}, {Flag: "--net", File: o.net}, {Flag: "SAMPLES", File: o.samples}, {Flag: "--labels", File: o.labels}})
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
