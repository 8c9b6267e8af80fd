package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/decimal"
	"backdrop/lib/gp"
)

// options are the flags as given, and what check makes of them.
type options struct {
	tool.Common
	n, size, start                  int
	seed                            uint64
	shape, scales, power, fields    string
	kernel, boundary, standardise   string
	method, preview                 string
	nugget, wrapFactor              float64
	shard, format, labels, compress string
	dtype                           string

	spec        gp.Spec
	crossing    *crossing // instead of spec
	numbers     numbers
	element     npy.DType
	compression stream.Compression
}

// defaults are those of the paper's data set.
func defaults() *options {
	return &options{n: 100, size: 1024, scales: "9.5,10:80,140", power: "0.75,1.25", seed: 1,
		kernel: "se", boundary: "torus", method: "exact", wrapFactor: gp.DefaultWrapFactor, standardise: "sample", format: "stream", compress: "zstd", dtype: "f4"}
}

// numbers are the sample numbers of a run: first, first+step, … to a total of count.
type numbers struct{ first, step, count int }

// check turns the flags into what they mean; every error is wrong usage.
func (o *options) check(c *cli.Context) error {
	if c.NArg() > 0 {
		return tool.Usagef("unexpected argument %q", c.Args().First())
	}
	if err := o.Apply(); err != nil {
		return err
	}
	for _, step := range []func(*cli.Context) error{o.checkNumbers, o.checkMethod, o.checkFields, o.checkOutput, o.checkPreview, o.checkNames} {
		if err := step(c); err != nil {
			return tool.Usage(err)
		}
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
	scales, flag := strings.Split(o.scales, ":"), "--scales"
	if c.IsSet("fields") {
		scales, flag = strings.Split(o.fields, ":"), "--fields"
	}
	if n := len(scales); n != len(powers) && !c.IsSet("power") {
		return fmt.Errorf("--power: the default %s is for two scales, %s has %d; give one number for each", o.power, flag, n)
	}
	if c.IsSet("fields") {
		return o.checkCrossing(c, shape, powers)
	}
	return o.checkSpec(shape, scales, powers)
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

func (o *options) checkCrossing(c *cli.Context, shape []int, powers []float64) error {
	for _, flag := range []string{"scales", "kernel", "boundary", "method", "wrap-factor", "nugget", "standardise", "seed"} {
		if c.IsSet(flag) {
			return fmt.Errorf("--fields and --%s exclude each other: fields in files are as they are", flag)
		}
	}
	if o.n == 0 {
		return fmt.Errorf("--fields needs to know the number of samples, got -n 0")
	}
	if !c.IsSet("size") && !c.IsSet("shape") {
		shape = nil
	}
	var err error
	if o.crossing, err = newCrossing(o.fields, shape, powers); err != nil {
		return fmt.Errorf("--fields: %w", err)
	}
	var inputs []tool.Name
	for _, name := range o.crossing.files() {
		inputs = append(inputs, tool.Name{Flag: "--fields", File: name})
	}
	return tool.Distinct([]tool.Name{{Flag: "-o", File: o.Output}, {Flag: "--labels", File: o.labels}, {Flag: "--preview", File: o.preview}}, inputs)
}

func (o *options) checkSpec(shape []int, scales []string, powers []float64) error {
	o.spec = gp.Spec{Shape: shape, Power: powers, Seed: o.seed, Nugget: o.nugget, Patches: o.method == "patches", WrapFactor: o.wrapFactor}
	for _, scale := range scales {
		var lengths []gp.Length
		for _, text := range strings.Split(scale, ",") {
			l, err := gp.ParseLength(text)
			if err != nil {
				return fmt.Errorf("--scales: %w", err)
			}
			lengths = append(lengths, l)
		}
		o.spec.Scales = append(o.spec.Scales, lengths)
	}
	if err := o.checkProcess(); err != nil {
		return err
	}
	return o.spec.Validate()
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

func (o *options) checkNumbers(c *cli.Context) error {
	if o.n < 0 {
		return fmt.Errorf("-n must not be negative, got %d", o.n)
	}
	if o.start < 0 {
		return fmt.Errorf("--start must not be negative, got %d", o.start)
	}
	if o.n > math.MaxInt-o.start {
		return fmt.Errorf("--start %d and -n %d add up to more than %d", o.start, o.n, math.MaxInt)
	}
	k, n := 0, 1
	if c.IsSet("shard") {
		before, after, _ := strings.Cut(o.shard, "/")
		var errK, errN error
		k, errK = strconv.Atoi(before)
		n, errN = strconv.Atoi(after)
		if errK != nil || errN != nil || k < 0 || k >= n {
			return fmt.Errorf("--shard must be K/N with 0 <= K < N, got %q", o.shard)
		}
		if k > math.MaxInt-o.start {
			return fmt.Errorf("--start %d and --shard %s add up to more than %d", o.start, o.shard, math.MaxInt)
		}
	}
	o.numbers = numbers{first: o.start + k, step: n}
	last := o.start + o.n - 1
	if o.n == 0 {
		last = math.MaxInt - 1 // without end: the years run out before the numbers do
	}
	if last >= o.numbers.first {
		o.numbers.count = (last-o.numbers.first)/n + 1
	}
	return nil
}

func (o *options) checkOutput(c *cli.Context) error {
	switch o.dtype {
	case "f2":
		o.element = npy.Float16
	case "f4":
		o.element = npy.Float32
	case "f8":
		o.element = npy.Float64
	default:
		return fmt.Errorf("--dtype must be f2, f4 or f8, got %q", o.dtype)
	}
	switch o.format {
	case "stream":
		return o.checkStream(c)
	case "npy":
		return o.checkArray(c)
	}
	return fmt.Errorf("--format must be stream or npy, got %q", o.format)
}

// checkArray looks at what is said of an array and its labels.
func (o *options) checkArray(c *cli.Context) error {
	out, labels := tool.Name{Flag: "-o", File: o.Output}, tool.Name{Flag: "--labels", File: o.labels}
	switch {
	case o.n == 0:
		return fmt.Errorf("--format npy needs to know the number of samples, got -n 0")
	case c.IsSet("compress"):
		return fmt.Errorf("--compress is for --format stream; a .npy file is not compressed")
	case c.IsSet("labels") && tool.IsStdin(o.labels):
		return fmt.Errorf("--labels needs the name of a file, got %q", o.labels)
	}
	shape := o.spec.Shape
	if o.crossing != nil {
		shape = o.crossing.shape
	}
	if bytes := float64(o.numbers.count) * float64(values(shape)) * float64(o.element.Size()); bytes > math.MaxInt64 {
		return fmt.Errorf("-n %d: an array of %.3g bytes is larger than any file", o.n, bytes)
	}
	return tool.Distinct([]tool.Name{labels, out}, nil)
}

// checkStream finds out how a stream is compressed: as its name says, else as --compress does.
func (o *options) checkStream(c *cli.Context) error {
	if c.IsSet("labels") {
		return fmt.Errorf("--labels is for --format npy; a stream holds its labels")
	}
	named, says := tool.Compression(o.Output)
	o.compression = named
	if !c.IsSet("compress") {
		return nil
	}
	other := ".tar.zst"
	switch o.compress {
	case "zstd":
		o.compression = stream.Zstd
	case "none":
		o.compression, other = stream.None, ".tar"
	default:
		return fmt.Errorf("--compress must be zstd or none, got %q", o.compress)
	}
	if says && named != o.compression {
		return fmt.Errorf("--compress %s contradicts the name in -o %s; call it %s, or leave out --compress", o.compress, o.Output, other)
	}
	return nil
}

// checkNames refuses names of files that are not what they are called.
func (o *options) checkNames(*cli.Context) error {
	out := tool.Name{Flag: "-o", File: o.Output}
	if o.format == "stream" {
		return tool.StreamName(out, ", or give --format npy for an array")
	}
	if err := tool.ArrayName(out, ", or leave out --format npy"); err != nil {
		return err
	}
	return tool.ArrayName(tool.Name{Flag: "--labels", File: o.labels}, "")
}
