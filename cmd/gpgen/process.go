package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/decimal"
	"backdrop/lib/gp"
)

// What is drawn: sizes, lengths and powers, and the process that fields are of. The commands share these flags.

func (o *options) kernelFlag() cli.Flag {
	return &cli.StringFlag{Name: "kernel", Usage: "`K`: " + kernelList(), Value: o.kernel, Destination: &o.kernel}
}

// kernelList names all kernels: se (the squared exponential), …
func kernelList() string {
	var items []string
	for _, k := range gp.Kernels() {
		item := k.String()
		if about := k.About(); about != "" {
			item += " (" + about + ")"
		}
		items = append(items, item)
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " or " + items[last]
}

func (o *options) methodFlag() cli.Flag {
	return &cli.StringFlag{Name: "method", Usage: "`M`: exact; or patches, the construction of the data set of 2018: see gpgen patches --help", Value: o.method, Destination: &o.method}
}

func (o *options) wrapFactorFlag() cli.Flag {
	return &cli.Float64Flag{Name: "wrap-factor", Usage: "with --method patches, the width of the strips that opposite edges share is `F` times 0.8 patches; 0 shares none", Value: o.wrapFactor, Destination: &o.wrapFactor}
}

// checkMethod refuses flags that do not go with the method.
func (o *options) checkMethod(c *cli.Context) error {
	switch o.method {
	case "exact":
		if c.IsSet("wrap-factor") {
			return fmt.Errorf("--wrap-factor is for --method patches")
		}
	case "patches":
		if c.IsSet("boundary") {
			return fmt.Errorf("--method patches and --boundary exclude each other: patches have edges of their own")
		}
	default:
		return fmt.Errorf("--method must be exact or patches, got %q", o.method)
	}
	return nil
}

// checkFields finds out where the fields come from: drawn, or out of files.
func (o *options) checkFields(c *cli.Context) error {
	shape, err := o.sizes(c)
	if err != nil {
		return err
	}
	powers, err := floats(o.power)
	if err != nil {
		return fmt.Errorf("--power: %w", err)
	}
	scales, flag := o.scales, "--scales"
	if c.IsSet("fields") {
		scales, flag = o.fields, "--fields"
	}
	n := len(gp.SplitScales(scales))
	few := n != len(powers) && !c.IsSet("power")
	if few { // what is wrong with the scales themselves comes first
		powers = slices.Repeat([]float64{1}, n)
	}
	if c.IsSet("fields") {
		err = o.checkCrossing(c, shape, powers)
	} else {
		err = o.checkSpec(shape, powers)
	}
	if err == nil && few {
		err = fmt.Errorf("--power: the default %s is for two scales, %s has %d; give one number for each", o.power, flag, n)
	}
	return err
}

// checkUnmixed is check for commands that take the fields of every length by themselves.
func (o *options) checkUnmixed(c *cli.Context) error {
	if err := o.Apply(); err != nil {
		return err
	}
	shape, err := o.sizes(c)
	if err != nil {
		return tool.Usage(err)
	}
	if err := o.checkMethod(c); err != nil {
		return tool.Usage(err)
	}
	return tool.Usage(o.checkSpec(shape, nil))
}

// sizes are those of --shape or --size.
func (o *options) sizes(c *cli.Context) ([]int, error) {
	if !c.IsSet("shape") {
		return []int{o.size, o.size}, nil
	}
	if c.IsSet("size") {
		return nil, fmt.Errorf("--size and --shape exclude each other")
	}
	var shape []int
	for _, text := range strings.Split(o.shape, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("--shape: %q is not a whole number", text)
		}
		shape = append(shape, n)
	}
	return shape, nil
}

// checkSpec says what is drawn. Without powers, each scale has the power 1.
func (o *options) checkSpec(shape []int, powers []float64) (err error) {
	o.spec = gp.Spec{Shape: shape, Power: powers, Seed: o.seed, Nugget: o.nugget, Disk: o.disk, Patches: o.method == "patches", WrapFactor: o.wrapFactor}
	if o.spec.Scales, err = gp.ParseScales(o.scales); err != nil {
		return fmt.Errorf("--scales: %w", err)
	}
	if powers == nil {
		for range o.spec.Scales {
			o.spec.Power = append(o.spec.Power, 1)
		}
	}
	if err := o.checkProcess(); err != nil {
		return err
	}
	return o.remedy(o.spec.Validate())
}

// checkProcess says what process the fields are of.
func (o *options) checkProcess() (err error) {
	if o.spec.Kernel, err = gp.ParseKernel(o.kernel); err != nil {
		return fmt.Errorf("--kernel: %w", err)
	}
	switch o.boundary {
	case "torus":
	case "open":
		o.spec.Open = true
	default:
		return fmt.Errorf("--boundary must be torus or open, got %q", o.boundary)
	}
	switch o.standardise {
	case "sample":
	case "none":
		o.spec.Raw = true
	default:
		return fmt.Errorf("--standardise must be sample or none, got %q", o.standardise)
	}
	return nil
}

// floats reads numbers separated by commas.
func floats(text string) ([]float64, error) {
	var out []float64
	for _, item := range strings.Split(text, ",") {
		v, err := decimal.Float(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", item)
		}
		out = append(out, v)
	}
	return out, nil
}
