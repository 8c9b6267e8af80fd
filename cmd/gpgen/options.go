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
	"backdrop/lib/bytesize"
	"backdrop/lib/dims"
	"backdrop/lib/gp"
	"backdrop/lib/patchwork"
)

// options are the flags of gpgen as given, and what check makes of them.
type options struct {
	tool.Common
	n, size, start                  int
	seed                            uint64
	shape, scales, power, fields    string
	kernel, boundary, standardise   string
	method, preview                 string
	nugget, wrapFactor              float64
	patchesOnly                     bool // the command has no --method
	shard, format, labels, compress string
	dtype                           string

	disk        float64 // bytes of temporary files; 0 if everything is drawn in memory
	spec        gp.Spec
	crossing    *crossing // instead of spec
	numbers     numbers
	element     npy.DType
	compression stream.Compression
}

// defaults are those of the paper's data set.
func defaults() *options {
	return &options{n: 100, size: 1024, scales: "9.5,10:80,140", power: "0.75,1.25", seed: 1,
		kernel: "se", boundary: "torus", method: "exact", wrapFactor: patchwork.DefaultWrapFactor, standardise: "sample", format: "stream", compress: "zstd", dtype: "f4"}
}

// numbers are the sample numbers of a run: count of them, first, first+step, …
type numbers struct{ first, step, count int }

// check turns the flags into what they mean; every error is wrong usage.
func (o *options) check(c *cli.Context) error {
	if c.NArg() > 0 {
		return tool.Usagef("unexpected argument %q", c.Args().First())
	}
	if err := o.Apply(); err != nil {
		return err
	}
	o.disk = scratchRoom()
	for _, step := range []func(*cli.Context) error{o.checkNumbers, o.checkMethod, o.checkFields, o.checkOutput, o.checkPreview, o.checkNames} {
		if err := step(c); err != nil {
			return tool.Usage(err)
		}
	}
	return nil
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

// checkArray checks the flags of an array and its labels.
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
	if bytes := float64(o.numbers.count) * o.sampleSize(); bytes > math.MaxInt64 {
		return fmt.Errorf("-n %d: an array of %.3g bytes is larger than any file", o.n, bytes)
	}
	return tool.Distinct([]tool.Name{labels, out}, nil)
}

// sampleSize is the number of bytes of the values of a sample.
func (o *options) sampleSize() float64 {
	shape := o.spec.Shape
	if o.crossing != nil {
		shape = o.crossing.shape
	}
	return float64(dims.Count(shape)) * float64(o.element.Size())
}

// checkStream finds out how a stream is compressed: as its name says, else as --compress says.
func (o *options) checkStream(c *cli.Context) error {
	if c.IsSet("labels") {
		return fmt.Errorf("--labels is for --format npy; a stream holds its labels")
	}
	if size := o.sampleSize(); size > stream.MaxMember-1024 { // less a header
		return fmt.Errorf("a sample of %s is more than a tar has room for, %s; try --format npy", bytesize.Format(size), bytesize.Format(int64(stream.MaxMember)))
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

// checkNames refuses file names that do not end as their contents should.
func (o *options) checkNames(*cli.Context) error {
	out := tool.Name{Flag: "-o", File: o.Output}
	if err := tool.PictureName(tool.Name{Flag: "--preview", File: o.preview}, ""); err != nil {
		return err
	}
	if o.format == "stream" {
		return tool.StreamName(out, ", or give --format npy for an array")
	}
	if err := tool.ArrayName(out, ", or leave out --format npy"); err != nil {
		return err
	}
	return tool.ArrayName(tool.Name{Flag: "--labels", File: o.labels}, "")
}
