package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/run"
)

// flags are the values of all flags, as they are given.
type flags struct {
	tool.Common
	run.Settings // but for Masks, Penalties and Attribute
	session

	masks, penalties cli.StringSlice
}

// session is the flags that do not decide what comes out: files, checkpoints, what to do.
type session struct {
	axes                    string
	labels, val, valLabels  string
	x, y, valX, valY        string
	attribute, groups       string
	config                  string
	log, plot               string
	checkpoint, resume      string
	init                    string
	every, everySteps, size int
	shape                   string
	dryRun, printNet        bool
	printConfig             bool
}

func defaults() *flags {
	return &flags{Settings: run.Settings{
		Net: "pooled", Epochs: 20, Batch: 10, Seed: 1, Loss: "xent", Opt: "adam", LR: 1e-3, Schedule: "const", Normalise: normaliseAuto,
	}}
}

// list returns the flags that fill f, without those of all tools.
func (f *flags) list() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "net", Usage: "the network: a preset (" + strings.Join(net.Presets, ", ") + ") or a text `FILE`", Value: f.Net, DefaultText: "pooled, or that of --init", Destination: &f.Net},
		&cli.IntFlag{Name: "epochs", Usage: "go through the data `E` times; 0: write the model as it begins", Value: f.Epochs, Destination: &f.Epochs},
		&cli.IntFlag{Name: "batch", Usage: "samples a step, `N`; 0: all of the data", Value: f.Batch, Destination: &f.Batch},
		&cli.Uint64Flag{Name: "seed", Usage: "of weights, order, masks and all else that is random, `S`", Value: f.Seed, Destination: &f.Seed},
		&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of a bare .npy, numbers or names", Destination: &f.labels},
		&cli.StringFlag{Name: "x", Usage: "the array of an .npz that holds the samples, by `NAME`", DefaultText: "x, or the one whose name or shape says so", Destination: &f.x},
		&cli.StringFlag{Name: "y", Usage: "the array of an .npz that holds the labels, by `NAME`", DefaultText: "y, or the one whose name or shape says so", Destination: &f.y},
		tool.AxesFlag(&f.axes),
		&cli.IntFlag{Name: "classes", Usage: "`K` classes, where the data does not say", DefaultText: "its class names, or its largest label", Destination: &f.Classes},
		&cli.StringSliceFlag{Name: "mask", Usage: "set a backdrop layer: `NAME=P[:AXES]`, e.g. fine=0.95:NHW; may be repeated", Destination: &f.masks},
		&cli.BoolFlag{Name: "no-masks", Usage: "make every backdrop layer an identity", Destination: &f.NoMasks},
		&cli.StringFlag{Name: "loss", Usage: "the `LOSS` to minimise: " + strings.Join(loss.Names(), ", ") + " (B: a positive number)", Value: f.Loss, Destination: &f.Loss},
		&cli.StringFlag{Name: "positive", Usage: "for all losses but " + strings.Join(loss.Multiclass(), " and ") + ": tell `CLASS`, a name or a number, from all others", DefaultText: "class 1 of two", Destination: &f.Positive},
		&cli.Float64Flag{Name: "pos-weight", Usage: "with " + strings.Join(loss.WithPositiveWeight(), " or ") + ": a positive sample counts `W` times", DefaultText: "1", Destination: &f.PosWeight},
		&cli.StringFlag{Name: "class-weights", Usage: "with " + strings.Join(loss.WithClassWeights(), " or ") + ": balanced, so that all classes count alike, or `K=W,…`: a sample of class K, a name or a number, counts W times, of others once", Destination: &f.Weights},
		&cli.Float64Flag{Name: "temperature", Usage: "with " + strings.Join(loss.WithTemperature(), " or ") + ": divide the differences of scores by `T`; Brown et al. (2020) take 0.01, for cosines", DefaultText: "1, for logits", Destination: &f.Temperature},
		&cli.StringSliceFlag{Name: "penalty", Usage: "add `NAME=WEIGHT`, a penalty on the distribution of the scores: mmd, their distance from a standard normal one, or dcov, their dependence on --attribute; may be repeated", Destination: &f.penalties},
		&cli.StringFlag{Name: "attribute", Usage: "`FILE.npy` with a number for each sample", Destination: &f.attribute},
		&cli.StringFlag{Name: "opt", Usage: "the `OPTIMISER`: " + strings.Join(optim.Names(), ", "), Value: f.Opt, Destination: &f.Opt},
		&cli.Float64Flag{Name: "lr", Usage: "learning `RATE`", Value: f.LR, Destination: &f.LR},
		&cli.Float64Flag{Name: "momentum", Usage: "`M` of " + namesOf(withMomentum()), DefaultText: defaultsOf(withMomentum(), func(c optim.Config) float64 { return c.Momentum }), Destination: &f.Momentum},
		&cli.Float64Flag{Name: "weight-decay", Usage: "`L` as in PyTorch", DefaultText: defaultsOf(optim.Methods(), func(c optim.Config) float64 { return c.WeightDecay }), Destination: &f.WeightDecay},
		&cli.StringFlag{Name: "schedule", Usage: "of the learning rate: " + strings.Join(optim.ScheduleNames(), " or ") + " (`NAME`)", Value: f.Schedule, Destination: &f.Schedule},
		&cli.Float64Flag{Name: "warmup", Usage: "raise the learning rate over the first `E` epochs", Destination: &f.Warmup},
		&cli.StringFlag{Name: "resize", Usage: "resample every sample to `N` pixels along each axis, or to HxW (volumes DxHxW), whatever its size; its aspect is not kept", Destination: &f.Resize},
		&cli.StringFlag{Name: "augment", Usage: "change samples at random each time, a `LIST` of flip (mirror), roll (shift round the torus) and crop=N (take a window, N along each axis, or crop=NxM, of samples of any size that holds it; validation is on whole samples)", Destination: &f.Augment},
		&cli.StringFlag{Name: "normalise", Usage: "data: bring each channel to mean 0 and deviation 1 over the training data; none: leave all as it is; auto: data if a channel is not of order one (`HOW`)", Value: f.Normalise, Destination: &f.Normalise},
		&cli.StringFlag{Name: "val", Usage: "validate on `DATA` after each epoch", Destination: &f.val},
		&cli.StringFlag{Name: "val-labels", Usage: "`FILE.npy` with the labels of a bare .npy given to --val", Destination: &f.valLabels},
		&cli.StringFlag{Name: "val-x", Usage: "as --x, of an .npz given to --val (`NAME`)", Destination: &f.valX},
		&cli.StringFlag{Name: "val-y", Usage: "as --y, of an .npz given to --val (`NAME`)", Destination: &f.valY},
		&cli.Float64Flag{Name: "val-fraction", Usage: "hold out the fraction `F` of every class for validation; one sample of each is always trained on", Destination: &f.ValFraction},
		&cli.StringFlag{Name: "fold", Usage: "cross-validation: hold out fold `K/N` of the data, 0 <= K < N, for validation; with one --seed, each sample is in one of the N folds, every class spread evenly", Destination: &f.Fold},
		&cli.StringFlag{Name: "groups", Usage: "`FILE.npy` with a number or a text for each sample, such as its patient: --fold and --val-fraction keep those together that have the same", Destination: &f.groups},
		&cli.IntFlag{Name: "val-every", Usage: "validate after every `E`th epoch only", DefaultText: "1", Destination: &f.ValEvery},
		&cli.IntFlag{Name: "patience", Usage: "stop after `E` epochs without a lower validation loss, and keep the best weights", Destination: &f.Patience},
		&cli.StringFlag{Name: "log", Usage: "write one JSON object an epoch to `FILE.jsonl`", Destination: &f.log},
		&cli.StringFlag{Name: "plot", Usage: "when training ends, draw loss and accuracy by epoch into `FILE.png`; what went before --resume is taken from the --log", Destination: &f.plot},
		&cli.StringFlag{Name: "checkpoint", Usage: "write a checkpoint to `FILE` to --resume from", Destination: &f.checkpoint},
		&cli.IntFlag{Name: "every", Usage: "epochs between checkpoints, `E`", Value: 1, Destination: &f.every},
		&cli.IntFlag{Name: "every-steps", Usage: "write a checkpoint after every `N` steps, too", DefaultText: "epochs only", Destination: &f.everySteps},
		&cli.StringFlag{Name: "resume", Usage: "go on from the checkpoint `FILE`, with the same flags (--epochs may grow from 2 on, under a constant rate); if it is also the --checkpoint, it need not exist yet", Destination: &f.resume},
		&cli.StringFlag{Name: "init", Usage: "start from the weights of `MODEL`, but for its last layer if that has other outputs; without --net from its network, too, and without --normalise from its normalisation; or, with --net, from the arrays of an .npz, such as a state_dict of the PyTorch module in examples/pytorch", Destination: &f.init},
		&cli.StringFlag{Name: "config", Usage: "take flags from `FILE`, as --print-config writes them, or from a model that was trained with them; flags on the command line override these", Destination: &f.config},
		&cli.BoolFlag{Name: "print-config", Usage: "print the flags that decide what comes out, one a line, and do nothing", Destination: &f.printConfig},
		&cli.IntFlag{Name: "size", Usage: "with --dry-run or --print-net: square images of side `N` instead of data", DefaultText: "that of the data", Destination: &f.size},
		&cli.StringFlag{Name: "shape", Usage: "with --dry-run or --print-net: samples of `D,H,W` (or W; H,W; C,D,H,W; what --axes says, such as CHW) instead of data", DefaultText: "that of the data", Destination: &f.shape},
		&cli.BoolFlag{Name: "dry-run", Usage: "print shapes, receptive fields, mask cells, parameters and memory, and do nothing", Destination: &f.dryRun},
		&cli.BoolFlag{Name: "print-net", Usage: "print the network's text, and do nothing", Destination: &f.printNet},
	}
}
