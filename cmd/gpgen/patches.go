package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/gp"
)

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

// newPatches is the command that tells what --method patches does.
func newPatches(s tool.Stdio) *cli.Command {
	o := defaults()
	o.method = "patches"
	asJSON := false
	return &cli.Command{
		Name:      "patches",
		Usage:     "show how --method patches puts fields together, and test that they are uniform",
		UsageText: "gpgen patches --size 1024 --scales 9.5,10:80,140 --wrap-factor 1.246",
		Description: "--method patches draws fields as the data set of 2018 was drawn. Below a length of 50 px, thousands of small\n" +
			"fields of 50x50 points, interpolated to the length and faded out at their edges, are added at random places; strips\n" +
			"at opposite edges are added and made equal. The fading makes lengths from 8 px on 0.793 of what they are called,\n" +
			"and the fields are not normal (kurtosis 4.3). From 50 px on, a field is a grid of an eighth of the points,\n" +
			"interpolated; its length is as called and its edges are open.\n\n" +
			"The table tells, for each length, the effective one, the number and size of patches, the width of the strips, and the\n" +
			"least and greatest variance of a pixel, relative to the mean. Where strips are too narrow for the patches, the\n" +
			"edges are thin; where too wide, they are doubled. The exit code is 1 if a variance is more than 15 % off.",
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "size", Usage: "height and width in `PIXELS`", Value: o.size, Destination: &o.size},
			&cli.StringFlag{Name: "shape", Usage: "height and width in pixels, `H,W`, instead of --size", Destination: &o.shape},
			&cli.StringFlag{Name: "scales", Usage: "correlation lengths in pixels, as for gpgen: `A,B:C,D`", Value: o.scales, Destination: &o.scales},
			o.wrapFactorFlag(),
			&cli.BoolFlag{Name: "json", Usage: "write a JSON object", Destination: &asJSON},
		}, o.Flags()...),
		Before: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return tool.Usagef("unexpected argument %q", c.Args().First())
			}
			return o.checkOwn(c)
		},
		Action: func(*cli.Context) error { return describePatches(s, o, asJSON) },
	}
}

// checkOwn is check for commands that take fields of every length by themselves.
func (o *options) checkOwn(c *cli.Context) error {
	if err := o.Apply(); err != nil {
		return err
	}
	shape, err := o.sizes(c)
	if err != nil {
		return tool.Usage(err)
	}
	scales := strings.Split(o.scales, ":")
	powers := make([]float64, len(scales))
	for i := range powers {
		powers[i] = 1
	}
	if err := o.checkMethod(c); err != nil {
		return tool.Usage(err)
	}
	return tool.Usage(o.checkSpec(shape, scales, powers))
}

func describePatches(s tool.Stdio, o *options, asJSON bool) error {
	var all []gp.Patchwork
	bad := ""
	for _, lengths := range o.spec.Scales {
		for _, l := range lengths {
			p, err := gp.DescribePatchwork([2]int(o.spec.Shape), l[0], o.wrapFactor)
			if err != nil {
				return err
			}
			if !(p.Low >= 1-gp.UniformWithin && p.High <= 1+gp.UniformWithin) && bad == "" {
				bad = fmt.Sprintf("length %v is not uniform: variances from %.3g to %.3g of the mean, the limit is ±%g; try --wrap-factor %g", l, p.Low, p.High, gp.UniformWithin, gp.DefaultWrapFactor)
			}
			all = append(all, p)
		}
	}
	err := s.WriteFile(o.Output, tool.Text, func(w io.Writer) error {
		if asJSON {
			return json.NewEncoder(w).Encode(struct {
				Uniform bool           `json:"uniform"`
				Lengths []gp.Patchwork `json:"lengths"`
			}{bad == "", all})
		}
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(t, "length\teffective\tpatches\tsize\tstrip\tleast variance\tgreatest\t")
		for _, p := range all {
			fmt.Fprintf(t, "%g\t%.2f\t%d\t%dx%d\t%d\t%.3f\t%.3f\t\n", p.Length, p.EffectiveLength, p.Patches, p.Size[0], p.Size[1], p.Strip, p.Low, p.High)
		}
		return t.Flush()
	})
	if err == nil && bad != "" {
		err = fmt.Errorf("%s", bad)
	}
	return err
}
