// Gpgen draws labelled multi-scale Gaussian-process textures and writes them as a tensor stream or as one .npy array.
package main

import (
	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Streams) *cli.App {
	o := defaults()
	return &cli.App{
		Name:  "gpgen",
		Usage: "draw labelled multi-scale Gaussian-process textures",
		UsageText: "gpgen -n 100 > train.tar.zst\n" +
			"gpgen -n 100000 --size 128 --scales 2.5,3.2:10,17 | bdtrain --epochs 1 -o model.tar.zst\n" +
			"gpgen -n 500 --size 256 --scales 4,5:30 --power 1,0.5 --format npy --labels y.npy -o x.npy\n" +
			"gpgen -n 1000 --shard 3/4 -o part3.tar.zst",
		Description: "A sample is the sum of one field for each scale, each standardised to mean 0 and deviation 1 and multiplied by\n" +
			"its power. A field is a Gaussian process on a torus with covariance exp(-r²/2ℓ²), exact for every size. The\n" +
			"combination of lengths is the class; class names are such as 9.5-80, and the classes come one after the other\n" +
			"in turn, the first scale changing fastest. A sample depends on --seed and its number alone, so the same flags\n" +
			"give the same bytes, and shards and later runs (--start) continue a data set.",
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "n", Usage: "draw `N` samples; 0 draws without end", Value: o.n, Destination: &o.n},
			&cli.IntFlag{Name: "size", Usage: "height and width in `PIXELS`", Value: o.size, Destination: &o.size},
			&cli.StringFlag{Name: "shape", Usage: "height and width in pixels, `H,W`, instead of --size", Destination: &o.shape},
			&cli.StringFlag{Name: "scales", Usage: "correlation lengths in pixels, `A,B:C,D`: a colon separates scales, a comma the choices of a scale", Value: o.scales, Destination: &o.scales},
			&cli.StringFlag{Name: "power", Usage: "factors of the fields, `P,Q`: one for each scale", Value: o.power, Destination: &o.power},
			&cli.Uint64Flag{Name: "seed", Usage: "random seed `S`", Value: o.seed, Destination: &o.seed},
			&cli.IntFlag{Name: "start", Usage: "number of the first sample, `I`", Destination: &o.start},
			&cli.StringFlag{Name: "shard", Usage: "`K/N`, 0 <= K < N: of the -n samples from I on, draw only I+K, I+K+N, I+K+2N, …; the N shards together are the run without --shard", Destination: &o.shard},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: stream, a tar of samples with labels; or npy, one array [n,H,W]", Value: o.format, Destination: &o.format},
			&cli.StringFlag{Name: "labels", Usage: "with --format npy, write the labels to `FILE.npy`", Destination: &o.labels},
			&cli.StringFlag{Name: "compress", Usage: "`HOW` a stream is compressed: zstd or none", Value: o.compress, Destination: &o.compress},
			&cli.StringFlag{Name: "dtype", Usage: "`TYPE` of the values: f4, f8 or f2", Value: o.dtype, Destination: &o.dtype},
		}, o.Flags()...),
		Before: o.check,
		Action: func(*cli.Context) error { return generate(s, o) },
	}
}
