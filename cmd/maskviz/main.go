// Maskviz draws the masks of a network's backdrop layers, and what survives them: gradient, patches of samples.
package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/draw"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Stdio) *cli.App {
	o := &options{mode: "masks", format: "png", seed: 1, batch: 1, classes: 4}
	return &cli.App{
		Name:      "maskviz",
		Usage:     "draw backdrop masks and the gradient that survives them",
		ArgsUsage: "[SAMPLES]",
		UsageText: "maskviz --net crisp --size 1024 > masks.png\n" +
			"maskviz -m model.tar.zst --mode gradient test.tar.zst > gradient.png\n" +
			"maskviz -m model.tar.zst --mode overlay --draws 9 test.tar.zst > learns.png\n" +
			"maskviz --net crisp --size 1024 --steps 0..49 > training.png\n" +
			"maskviz --net net.txt --pin coarse=2,2 --step 17 --format stream > masks.tar.zst",
		Description: "The masks are those that bdtrain draws with the same --seed, --mask and batch at step T; steps count from 0.\n" +
			"Those of MODEL are the ones it was trained with, seed and batch included, the smaller batch at the end of an epoch\n" +
			"too. A picture shows 8 samples of a batch at most, and of several steps the first sample alone. --draws and --steps\n" +
			"show the product of the masks, or what --mode adds to them: all steps on one sheet, or as an animated PNG beside\n" +
			"the share of steps that reached each pixel.\n\n" +
			"SAMPLES, in any form that bdtrain reads, are what --mode gradient takes the loss of and what --mode overlay shows\n" +
			"(of several channels the mean; values that are no numbers in cyan); --mode masks looks at their shape alone. Where\n" +
			"they do not name their classes, MODEL does. Without SAMPLES the two read standard input if it is a pipe or a file\n" +
			"with data in it; if it is empty, a terminal or a device such as /dev/null, --mode gradient takes the loss of random\n" +
			"normal inputs for class 0. --mode masks reads standard input only if SAMPLES is -. Without -m the weights are the\n" +
			"initial ones that bdtrain draws from --seed.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "m", Aliases: []string{"model"}, Usage: "the network and weights of `MODEL`", Destination: &o.model},
			&cli.StringFlag{Name: "net", Usage: "the network: a preset (pooled, crisp, overlap) or a text `FILE`", Destination: &o.net},
			&cli.IntFlag{Name: "size", Usage: "a preset takes square inputs of side `N`", DefaultText: "that of SAMPLES", Destination: &o.size},
			&cli.IntFlag{Name: "classes", Usage: "a preset tells `K` classes apart", Value: o.classes, Destination: &o.classes},
			&cli.StringFlag{Name: "mode", Usage: "masks: of each layer, and their product; gradient: also |d loss / d input|; overlay: also the patches of SAMPLES that survive (`MODE`)", Value: o.mode, Destination: &o.mode},
			&cli.Uint64Flag{Name: "seed", Usage: "of masks, initial weights and random inputs, `S`", Value: o.seed, DefaultText: "the one MODEL was trained with, else 1", Destination: &o.seed},
			&cli.Uint64Flag{Name: "step", Usage: "the masks of training step `T`", Destination: &o.step},
			&cli.IntFlag{Name: "batch", Usage: "the step has `N` samples, the first ones of SAMPLES; it matters to masks with axis N", Value: o.batch, DefaultText: "that of MODEL's training if samples have masks of their own, else 1", Destination: &o.batch},
			&cli.IntFlag{Name: "draws", Usage: "a sheet of `K` steps from --step on", DefaultText: "one step, with all its masks", Destination: &o.draws},
			&cli.StringFlag{Name: "steps", Usage: "an animation of the steps from A to B, both included: `A..B`", Destination: &o.steps},
			&cli.StringSliceFlag{Name: "mask", Usage: "set a backdrop layer: `NAME=P[:AXES]`, e.g. fine=0.95:NHW; may be repeated", Destination: &o.masks},
			&cli.StringSliceFlag{Name: "pin", Usage: "keep only one cell of a layer's mask: `NAME=ROW,COL`, e.g. coarse=2,2; may be repeated", Destination: &o.pins},
			&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of SAMPLES that are a bare .npy", Destination: &o.labels},
			&cli.StringFlag{Name: "format", Usage: "png, or stream: the masks as arrays in a tensor stream, plain if its name ends in .tar (`FORMAT`)", Value: o.format, Destination: &o.format},
		}, o.Flags()...),
		Before: func(c *cli.Context) error { return o.check(c) },
		Action: func(*cli.Context) error { return run(s, o) },
	}
}

// run draws what the flags ask for. The output is opened first, so that a place that cannot be written to is known
// before the work is done.
func run(s tool.Stdio, o *options) error {
	return s.WriteFile(o.Output, tool.Binary, func(w io.Writer) error {
		in, err := o.open(s)
		if err != nil {
			return err
		}
		st, err := newStep(in, o)
		if err != nil {
			return err
		}
		if err := st.fitsMemory(in, o); err != nil {
			return err
		}
		if o.format == "stream" {
			c, _ := tool.Compression(o.Output)
			return st.writeStream(w, c)
		}
		l, err := newLens(in, st, o)
		if err != nil {
			return err
		}
		in.notices.Show()
		if o.steps != "" {
			return st.animate(w, in, o, l)
		}
		var sheet *draw.Sheet
		if o.draws > 0 {
			sheet, err = st.draws(in, o, l)
		} else {
			sheet, err = st.sheet(l)
		}
		if err != nil {
			return err
		}
		return sheet.Encode(w)
	})
}

// newLens returns what --mode shows beside the masks; nil if it is nothing.
func newLens(in *input, st *step, o *options) (lens, error) {
	switch o.mode {
	case "gradient":
		return newGradient(in, st, in.largestBatch(o), o.Threads)
	case "overlay":
		return newOverlay(in), nil
	}
	return nil, nil
}
