// Gpgen draws labelled multi-scale Gaussian-process textures and writes them as a tensor stream or as one .npy array.
package main

import (
	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Stdio) *cli.App {
	o := defaults()
	return &cli.App{
		Name:  "gpgen",
		Usage: "draw labelled multi-scale Gaussian-process textures",
		UsageText: "gpgen -n 100 > train.tar.zst\n" +
			"gpgen -n 9999 --size 128 | bdtrain --epochs 1 > model.tar.zst\n" +
			"gpgen --size 256 --scales 4,5:30 --format npy --labels y.npy -o x.npy\n" +
			"gpgen --shape 64,64,64 --kernel matern32 --scales 3:12x24x24 > v.tar.zst\n" +
			"gpgen -n 1000 --shard 3/4 -o part3.tar.zst",
		Description: "A sample is the sum of one field for each scale, each standardised to mean 0 and deviation 1 and multiplied by\n" +
			"its power. A field is a Gaussian process with covariance exp(-r²/2ℓ²), or another --kernel, on a torus or in\n" +
			"open space, exact to the rounding of float32 for every size. The combination of lengths is the class; class names\n" +
			"are such as 9.5-80, and the classes come one after the other in turn, the first scale changing fastest. A sample\n" +
			"depends on --seed and its number alone, so the same flags give the same bytes, and shards and later runs (--start)\n" +
			"continue a data set; with the same seed, other kernels and lengths show the same noise.\n\n" +
			"An image or a volume that would take more than 512 MiB of memory, or with --memory more than that, is drawn by way of a\n" +
			"temporary file in TMPDIR or /tmp, which should be on a disk. It takes 4 bytes a value, in open space or with a nugget for\n" +
			"each scale; of kernels other than se on a torus 2 more for each length, in open space 8 for each scale and each length.",
		Metadata: guide().Metadata(),
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "n", Usage: "draw `N` samples; 0 draws without end", Value: o.n, Destination: &o.n},
			&cli.IntFlag{Name: "size", Usage: "height and width in `PIXELS`", Value: o.size, Destination: &o.size},
			&cli.StringFlag{Name: "shape", Usage: "sizes in pixels instead of --size: `H,W` of images, N of sequences, D,H,W of volumes", Destination: &o.shape},
			&cli.StringFlag{Name: "scales", Usage: "correlation lengths in pixels, `A,B:C,D`: a colon separates scales, a comma the choices of a scale; 10x20 is 10 along H and 20 along W", Value: o.scales, Destination: &o.scales},
			&cli.StringFlag{Name: "power", Usage: "factors of the fields, `P,Q`: one for each scale", Value: o.power, Destination: &o.power},
			o.kernelFlag(),
			&cli.StringFlag{Name: "boundary", Usage: "`B`: torus, where opposite edges meet, or open, a window of unbounded space", Value: o.boundary, Destination: &o.boundary},
			o.methodFlag(), o.wrapFactorFlag(),
			&cli.StringFlag{Name: "standardise", Usage: "`HOW`: sample, each field to mean 0 and deviation 1 over its own sample; or none, as the process has them", Value: o.standardise, Destination: &o.standardise},
			&cli.Float64Flag{Name: "nugget", Usage: "add white noise of variance `V` to each field, which has variance 1, before it is standardised", Destination: &o.nugget},
			&cli.StringFlag{Name: "fields", Usage: "instead of drawing fields, take them from .npy files, `A_*.npy,B_*.npy:C_*.npy`: a glob for each length, as in --scales; a file holds a field, or an array of them, each used once at most; classes are named A-C, B-C", Destination: &o.fields},
			&cli.Uint64Flag{Name: "seed", Usage: "random seed `S`", Value: o.seed, Destination: &o.seed},
			&cli.IntFlag{Name: "start", Usage: "number of the first sample, `I`", Destination: &o.start},
			&cli.StringFlag{Name: "shard", Usage: "`K/N`, 0 <= K < N: of the -n samples from I on, draw only I+K, I+K+N, I+K+2N, …; the N shards together are the run without --shard", Destination: &o.shard},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: stream, a tar of samples with labels; or npy, one array, [n,H,W]", Value: o.format, Destination: &o.format},
			&cli.StringFlag{Name: "labels", Usage: "with --format npy, write the labels to `FILE.npy`", Destination: &o.labels},
			&cli.StringFlag{Name: "compress", Usage: "`HOW` a stream is compressed: zstd or none; gzip is only read", Value: o.compress, DefaultText: "none if the name ends in .tar, else zstd", Destination: &o.compress},
			&cli.StringFlag{Name: "dtype", Usage: "`TYPE` of the values: f4, f8 or f2; they are computed as f4, and as f8 are no more exact", Value: o.dtype, Destination: &o.dtype},
			o.previewFlag(),
		}, o.Flags()...),
		Before:   o.check,
		Action:   func(*cli.Context) error { return generate(s, o) },
		Commands: []*cli.Command{newCheck(s), newPatches(s)},
	}
}
