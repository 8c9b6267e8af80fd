package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/patchwork"
)

// newPatches is the command that tells what --method patches does.
func newPatches(s tool.Stdio) *cli.Command {
	o := defaults()
	o.method, o.patchesOnly = "patches", true
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
			return o.checkUnmixed(c)
		},
		Action: func(*cli.Context) error { return describePatches(s, o, asJSON) },
	}
}

// describePatches writes how the fields of every length are put together.
func describePatches(s tool.Stdio, o *options, asJSON bool) error {
	var all []patchwork.Layout
	bad := ""
	for _, lengths := range o.spec.Scales {
		for _, l := range lengths {
			p, err := patchwork.Describe([2]int(o.spec.Shape), l[0], o.wrapFactor)
			if err != nil {
				return err
			}
			if !p.Uniform() && bad == "" {
				bad = fmt.Sprintf("length %v is not uniform: variances from %.3g to %.3g of the mean, the limit is ±%g; try --wrap-factor %g", l, p.Low, p.High, patchwork.UniformWithin, patchwork.DefaultWrapFactor)
			}
			all = append(all, p)
		}
	}
	err := s.WriteFile(o.Output, tool.Text, func(w io.Writer) error {
		if asJSON {
			return json.NewEncoder(w).Encode(struct {
				Uniform bool               `json:"uniform"`
				Lengths []patchwork.Layout `json:"lengths"`
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
