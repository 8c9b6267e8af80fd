// Maskviz draws the masks of a network's backdrop layers, and what survives them: gradient, patches of samples.
package main

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/draw"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Stdio) *cli.App {
	f := defaults()
	var config *config
	return &cli.App{
		Name:      "maskviz",
		Usage:     "draw backdrop masks and the gradient that survives them",
		ArgsUsage: "[SAMPLES]",
		UsageText: "maskviz --net crisp --size 1024 > masks.png\n" +
			"maskviz -m model.tar.zst --mode gradient test.tar.zst > gradient.png\n" +
			"maskviz -m model.tar.zst --mode overlay --draws 9 test.tar.zst > x.png\n" +
			"maskviz --net crisp --size 1024 --steps 0..49 > training.png\n" +
			"maskviz --net crisp --shape 48,48,48 --mode gradient > volume.png\n" +
			"maskviz --net net.txt --size 64 --step 17 --format stream > masks.tar.zst",
		Description: "The masks are those that bdtrain draws with the same --seed, --mask and batch at step T; steps count from 0. Those of\n" +
			"MODEL are the ones it was trained with, seed and batch included, the smaller batch at the end of an epoch too. A\n" +
			"picture shows 8 samples of a batch at most, and of several steps one alone, the first or that of --sample; the worst\n" +
			"of bdeval --worst are known by their keys. --draws and --steps show the product of the masks, or what --mode adds to\n" +
			"them: all steps on one sheet, or as an animated PNG beside the share of steps that reached each place of the input.\n\n" +
			"A sequence is drawn from left to right: masks and gradients as strips of colours, and samples as a line for each of\n" +
			"the first 16 channels, in colour on yellow where it survives. A volume is drawn as the three slices through its centre\n" +
			"and three projections: the mean of masks, the largest gradient or, of an overlay, the share that survives. Where an\n" +
			"input has more than 4,194,304 pixels or points, or 16,777,216 voxels, those of a square, stretch or cube share a\n" +
			"value: the mean of masks and samples, the largest gradient. What a picture takes does not grow with it; a large .npy,\n" +
			"or a plain tar of them, is read a few lines at a time.\n\n" +
			"SAMPLES, in any form that bdtrain reads, are what --mode gradient takes the loss of and what --mode overlay shows\n" +
			"(images of three channels in their colours if they have any and their values are bytes or from 0 to 1, of other images\n" +
			"and volumes with several channels the mean; values that are no numbers in cyan); --mode masks looks at their shape\n" +
			"alone. They are resized if MODEL does that; where it was trained on windows of samples (--augment crop=N) they are\n" +
			"shown whole, with masks of their size, and where they differ in size each is a step of its own. Where they do not name\n" +
			"their classes, MODEL does. Without SAMPLES the two read standard input if it is a pipe or a file with data in it; if\n" +
			"it is empty, a terminal or a device such as /dev/null, --mode gradient takes the loss of random normal inputs for\n" +
			"class 0. --mode masks reads standard input only if SAMPLES is -. Without -m the weights are the initial ones that\n" +
			"bdtrain draws from --seed.",
		Metadata: guide().Metadata(),
		Flags:    slices.Concat(f.list(), f.Flags()),
		Before: func(c *cli.Context) (err error) {
			config, err = f.parse(c)
			return err
		},
		Action: func(c *cli.Context) error { return execute(c.Context, s, config) },
	}
}

// execute draws what the flags ask for. The output is opened first, so that a place that cannot be written to is known
// before the work is done.
func execute(ctx context.Context, s tool.Stdio, c *config) error {
	return s.WriteFile(c.Output, tool.Binary, func(w io.Writer) error {
		in, err := openInput(s, c)
		if err != nil {
			return err
		}
		defer in.close()
		st, err := newStep(in, c)
		if err != nil {
			return err
		}
		var p plan
		if !in.several(c) { // else each sample has its own
			if p, err = st.planMemory(in, c); err != nil {
				return err
			}
		}
		st.watch = newWatch(ctx, s, c.Quiet)
		err = st.write(w, in, c, p)
		if err == nil {
			err = st.watch.err()
		}
		st.watch.close()
		if err == nil {
			in.notices.Show()
		}
		return err
	})
}

// write writes what the flags ask for.
func (st *step) write(w io.Writer, in *input, c *config, p plan) error {
	if c.format == "stream" {
		compression, _ := tool.Compression(c.Output)
		return st.writeStream(w, compression)
	}
	var sheet *draw.Sheet
	var err error
	if in.several(c) {
		sheet, err = sheetOfSizes(in, c, st.watch)
	} else {
		var l lens
		if l, err = newLens(in, st, c, p); err != nil {
			return err
		}
		switch {
		case c.steps != "":
			return st.animate(w, in, c, l)
		case c.draws > 0:
			sheet, err = st.draws(in, c, l)
		default:
			sheet, err = st.sheet(l)
		}
	}
	if err == nil {
		err = st.watch.err()
	}
	if err != nil {
		return err
	}
	drawing := func() string { return "writing the picture" }
	return cmp.Or(st.watch.during(drawing, nil, func() { err = sheet.Encode(w) }), err)
}

// newLens returns what --mode shows beside the masks; nil if it is nothing.
func newLens(in *input, st *step, c *config, p plan) (lens, error) {
	switch c.mode {
	case "gradient":
		return newGradient(in, st, in.largestBatch(c), p)
	case "overlay":
		return newOverlay(in, st.watch)
	}
	return nil, nil
}
