package tool

import (
	"github.com/urfave/cli/v2"

	"backdrop/formats/dataset"
)

// AxesFlag is --axes, which says what the axes of the arrays are that hold the samples.
func AxesFlag(value *string) cli.Flag {
	return &cli.StringFlag{Name: "axes", Usage: "what the `AXES` of arrays are, such as NHWC, NCT or NDHW: N samples, C channels, D planes, H rows, W columns, T steps", DefaultText: "what the data say, else NCHW, NHW or NT", Destination: value}
}

// Axes reads the value of --axes; "" means that the data say it.
func Axes(value string) (dataset.Layout, error) {
	if value == "" {
		return "", nil
	}
	l, err := dataset.ParseLayout(value)
	if err != nil {
		return "", Usagef("--axes: %w", err)
	}
	return l, nil
}
