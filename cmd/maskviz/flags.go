package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/net"
)

// flags are the values of all flags, as they are given.
type flags struct {
	tool.Common
	request

	masks, pins cli.StringSlice
}

// request is what the flags of maskviz ask for.
type request struct {
	axes, shape   string
	x, y          string
	model, net    string
	size, classes int
	mode, format  string
	seed, step    uint64
	batch         int
	draws         int
	steps         string
	labels        string
	sample        string
}

func defaults() *flags {
	return &flags{request: request{mode: "masks", format: "png", seed: 1, batch: 1, classes: 4}}
}

// list returns the flags that fill f, without those of all tools.
func (f *flags) list() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "m", Aliases: []string{"model"}, Usage: "the network and weights of `MODEL`", Destination: &f.model},
		&cli.StringFlag{Name: "net", Usage: "the network: a preset (" + strings.Join(net.Presets, ", ") + ") or a text `FILE`", Destination: &f.net},
		&cli.IntFlag{Name: "size", Usage: "a preset takes square inputs of side `N`", DefaultText: "that of SAMPLES", Destination: &f.size},
		&cli.StringFlag{Name: "shape", Usage: "a preset takes inputs of `D,H,W` (or W; H,W; C,D,H,W; what --axes says, such as CHW)", DefaultText: "that of SAMPLES", Destination: &f.shape},
		&cli.IntFlag{Name: "classes", Usage: "a preset tells `K` classes apart", Value: f.classes, Destination: &f.classes},
		&cli.StringFlag{Name: "mode", Usage: "masks: of each layer, and their product; gradient: also |d loss / d input|; overlay: also the patches of SAMPLES that survive (`MODE`)", Value: f.mode, Destination: &f.mode},
		&cli.Uint64Flag{Name: "seed", Usage: "of masks, initial weights and random inputs, `S`", Value: f.seed, DefaultText: "the one MODEL was trained with, else 1", Destination: &f.seed},
		&cli.Uint64Flag{Name: "step", Usage: "the masks of training step `T`", Destination: &f.step},
		&cli.IntFlag{Name: "batch", Usage: "the step has `N` samples, the first ones of SAMPLES; it matters to masks with axis N", Value: f.batch, DefaultText: "that of MODEL's training if samples have masks of their own, else 1", Destination: &f.batch},
		&cli.IntFlag{Name: "draws", Usage: "a sheet of `K` steps from --step on", DefaultText: "one step, with all its masks", Destination: &f.draws},
		&cli.StringFlag{Name: "steps", Usage: "an animation of the steps from A to B, both included: `A..B`", Destination: &f.steps},
		&cli.StringFlag{Name: "sample", Usage: "show one sample of SAMPLES, by its key or its number from 0 (`KEY`), which the batch begins with, and goes on behind it; --mode masks: one of the step by its number", DefaultText: "all of the batch, of several steps the first", Destination: &f.sample},
		&cli.StringSliceFlag{Name: "mask", Usage: "set a backdrop layer: `NAME=P[:AXES]`, e.g. fine=0.95:NHW; may be repeated", Destination: &f.masks},
		&cli.StringSliceFlag{Name: "pin", Usage: "keep only one cell of a layer's mask: `NAME=ROW,COL`, e.g. coarse=2,2; of sequences COL, of volumes PLANE,ROW,COL; may be repeated", Destination: &f.pins},
		&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of SAMPLES that are a bare .npy", Destination: &f.labels},
		&cli.StringFlag{Name: "x", Usage: "the array of an .npz that holds SAMPLES, by `NAME`", DefaultText: "x, or the one whose name or shape says so", Destination: &f.x},
		&cli.StringFlag{Name: "y", Usage: "the array of an .npz that holds their labels, by `NAME`", DefaultText: "y, or the one whose name or shape says so", Destination: &f.y},
		tool.AxesFlag(&f.axes),
		&cli.StringFlag{Name: "format", Usage: "png, or stream: the masks as arrays in a tensor stream, plain if its name ends in .tar (`FORMAT`)", Value: f.format, Destination: &f.format},
	}
}
