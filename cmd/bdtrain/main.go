// Bdtrain trains a convolutional network with backdrop masks on labelled samples and writes it as a model.
package main

import (
	"context"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/loss"
	"backdrop/lib/optim"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Stdio) *cli.App {
	o := defaults()
	return &cli.App{
		Name:      "bdtrain",
		Usage:     "train a network with backdrop masks",
		ArgsUsage: "[DATA]",
		UsageText: "gpgen -n 100 | bdtrain --net pooled --epochs 40 > model.tar.zst\n" +
			"bdtrain train.tar.zst --val test.tar.zst --mask fine=0.9:NHW --log log.jsonl -o model.tar.zst\n" +
			"bdtrain x.npy --labels y.npy --net crisp --dry-run\n" +
			"bdtrain plot log.jsonl > curves.png (see bdtrain plot --help)",
		Description: "DATA is a tensor stream, a tar of .npy, .png or .jpg members with labels, a .npy with --labels, or an .npz\n" +
			"with x and y; standard input by default. With --epochs 1 the samples are used in their order, and read once, one\n" +
			"batch in memory, unless a flag needs all of them first (--batch 0, --attribute, --val-fraction, --normalise data,\n" +
			"--schedule cosine, --warmup); with more epochs they are kept, and shuffled anew in each. An interrupt (^C,\n" +
			"SIGTERM, SIGHUP) ends training with code 130 and writes the model of the last finished epoch; a second one ends it at once.\n" +
			"The learning rate, masks and everything else random depend on --seed alone, so the same command writes the same\n" +
			"bytes.\n" +
			"\n" +
			"A label is the name of a class or, where no name can be meant, its number, counted from 0. Labels of an array are\n" +
			"[N], [N,1] or [1,N]: numbers, -1 and 1 of two classes, or texts, which name the classes in the order of text. Those\n" +
			"of validation data are found by the names of the training data.\n" +
			"\n" +
			"A run with --checkpoint FILE --resume FILE can be cut anywhere, and the same command goes on from the last\n" +
			"checkpoint to the same bytes, model and log (but for seconds: an epoch that was resumed counts from there). An\n" +
			"interrupt writes a checkpoint of its step; SIGUSR1 does, too, and training goes on, which is what sbatch --signal\n" +
			"is for. With --epochs 1 the samples used are read again and passed over. Models and checkpoints are compressed\n" +
			"with zstd, unless their names end in .tar.\n" +
			"\n" +
			"With --normalise auto samples stay as they are if every channel is of order one: a deviation from 0.1 to 10, and a\n" +
			"mean of at most 3 deviations. Otherwise all channels are normalised, each by itself, as with data, and one line says\n" +
			"so. Where samples are read once, those of the first step decide. A constant channel is not scaled, and named: one of\n" +
			"at most 3 is left as it is, a larger one is taken as 0. With --init, auto is what the model says. The model keeps means\n" +
			"and deviations, and the range of the training data: one line says if --val, or later what the model judges, lies in\n" +
			"another, that is if more than 1 % of a channel's values are farther outside than the range is wide, or if their mean\n" +
			"absolute value is less than 1/30 of what it was.\n" +
			"\n" +
			"Losses but xent tell two classes apart by one score. Those of ranks (auc-…, smooth-ap) and soft-fB are functions of\n" +
			"all scores of a batch together: take large ones, or --batch 0, and have a backdrop layer on the axis N choose the\n" +
			"samples whose gradient is computed (--mask coarse=0.9:N). Batches that lack a class without which the loss is\n" +
			"undefined are skipped, and counted in the log: the positive one or, with losses of ranks, one of the two.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "net", Usage: "the network: a preset (pooled, crisp, overlap) or a text `FILE`", Value: o.Net, DefaultText: "pooled, or that of --init", Destination: &o.Net},
			&cli.IntFlag{Name: "epochs", Usage: "go through the data `E` times", Value: o.Epochs, Destination: &o.Epochs},
			&cli.IntFlag{Name: "batch", Usage: "samples a step, `N`; 0: all of the data", Value: o.Batch, Destination: &o.Batch},
			&cli.Uint64Flag{Name: "seed", Usage: "of weights, order, masks and all else that is random, `S`", Value: o.Seed, Destination: &o.Seed},
			&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of a bare .npy, numbers or names", Destination: &o.Labels},
			&cli.IntFlag{Name: "classes", Usage: "`K` classes, where the data does not say", DefaultText: "its class names, or its largest label", Destination: &o.Classes},
			&cli.StringSliceFlag{Name: "mask", Usage: "set a backdrop layer: `NAME=P[:AXES]`, e.g. fine=0.95:NHW; may be repeated", Destination: &o.masks},
			&cli.BoolFlag{Name: "no-masks", Usage: "make every backdrop layer an identity", Destination: &o.NoMasks},
			&cli.StringFlag{Name: "loss", Usage: "the `LOSS` to minimise: " + strings.Join(loss.Names(), ", ") + " (B: a positive number)", Value: o.Loss, Destination: &o.Loss},
			&cli.StringFlag{Name: "positive", Usage: "for all losses but " + strings.Join(loss.Multiclass(), " and ") + ": tell `CLASS`, a name or a number, from all others", DefaultText: "class 1 of two", Destination: &o.Positive},
			&cli.Float64Flag{Name: "pos-weight", Usage: "with " + strings.Join(loss.WithPositiveWeight(), " or ") + ": a positive sample counts `W` times", DefaultText: "1", Destination: &o.PosWeight},
			&cli.Float64Flag{Name: "temperature", Usage: "with " + strings.Join(loss.WithTemperature(), " or ") + ": divide the differences of scores by `T`; Brown et al. (2020) take 0.01, for cosines", DefaultText: "1, for logits", Destination: &o.Temperature},
			&cli.StringSliceFlag{Name: "penalty", Usage: "add `NAME=WEIGHT`, a penalty on the distribution of the scores: mmd, their distance from a standard normal one, or dcov, their dependence on --attribute; may be repeated", Destination: &o.penalties},
			&cli.StringFlag{Name: "attribute", Usage: "`FILE.npy` with a number for each sample", Destination: &o.attribute},
			&cli.StringFlag{Name: "opt", Usage: "the `OPTIMISER`: " + strings.Join(optim.Names(), ", "), Value: o.Opt, Destination: &o.Opt},
			&cli.Float64Flag{Name: "lr", Usage: "learning `RATE`", Value: o.LR, Destination: &o.LR},
			&cli.Float64Flag{Name: "momentum", Usage: "`M` of " + namesOf(withMomentum()), DefaultText: defaultsOf(withMomentum(), func(c optim.Config) float64 { return c.Momentum }), Destination: &o.Momentum},
			&cli.Float64Flag{Name: "weight-decay", Usage: "`L` as in PyTorch", DefaultText: defaultsOf(optim.Methods(), func(c optim.Config) float64 { return c.WeightDecay }), Destination: &o.WeightDecay},
			&cli.StringFlag{Name: "schedule", Usage: "of the learning rate: " + strings.Join(optim.ScheduleNames(), " or ") + " (`NAME`)", Value: o.Schedule, Destination: &o.Schedule},
			&cli.Float64Flag{Name: "warmup", Usage: "raise the learning rate over the first `E` epochs", Destination: &o.Warmup},
			&cli.StringFlag{Name: "augment", Usage: "change samples at random each time, a `LIST` of flip (mirror), roll (shift round the torus) and crop=N (take a window of N×N; validation is on whole samples)", Destination: &o.Augment},
			&cli.StringFlag{Name: "normalise", Usage: "data: bring each channel to mean 0 and deviation 1 over the training data; none: leave all as it is; auto: data if a channel is not of order one (`HOW`)", Value: o.Normalise, Destination: &o.Normalise},
			&cli.StringFlag{Name: "val", Usage: "validate on `DATA` after each epoch", Destination: &o.Val},
			&cli.StringFlag{Name: "val-labels", Usage: "`FILE.npy` with the labels of a bare .npy given to --val", Destination: &o.ValLabels},
			&cli.Float64Flag{Name: "val-fraction", Usage: "hold out the fraction `F` of every class for validation; one sample of each is always trained on", Destination: &o.ValFraction},
			&cli.IntFlag{Name: "val-every", Usage: "validate after every `E`th epoch only", DefaultText: "1", Destination: &o.ValEvery},
			&cli.IntFlag{Name: "patience", Usage: "stop after `E` epochs without a lower validation loss, and keep the best weights", Destination: &o.Patience},
			&cli.StringFlag{Name: "log", Usage: "write one JSON object an epoch to `FILE.jsonl`", Destination: &o.log},
			&cli.StringFlag{Name: "plot", Usage: "when training ends, draw loss and accuracy by epoch into `FILE.png`; what went before --resume is taken from the --log", Destination: &o.plot},
			&cli.StringFlag{Name: "checkpoint", Usage: "write a checkpoint to `FILE` to --resume from", Destination: &o.checkpoint},
			&cli.IntFlag{Name: "every", Usage: "epochs between checkpoints, `E`", Value: 1, Destination: &o.every},
			&cli.IntFlag{Name: "every-steps", Usage: "write a checkpoint after every `N` steps, too", DefaultText: "epochs only", Destination: &o.everySteps},
			&cli.StringFlag{Name: "resume", Usage: "go on from the checkpoint `FILE`, with the same flags (--epochs may grow from 2 on, under a constant rate); if it is also the --checkpoint, it need not exist yet", Destination: &o.resume},
			&cli.StringFlag{Name: "init", Usage: "start from the weights of `MODEL`, but for its last layer if that has other outputs; without --net from its network, too, and without --normalise from its normalisation", Destination: &o.init},
			&cli.IntFlag{Name: "size", Usage: "with --dry-run or --print-net: square inputs of side `N` instead of data", DefaultText: "that of the data", Destination: &o.size},
			&cli.BoolFlag{Name: "dry-run", Usage: "print shapes, receptive fields, mask cells, parameters and memory, and do nothing", Destination: &o.dryRun},
			&cli.BoolFlag{Name: "print-net", Usage: "print the network's text, and do nothing", Destination: &o.printNet},
		}, o.Flags()...),
		Before: func(c *cli.Context) error { return o.check(c) },
		Action: func(c *cli.Context) error {
			return run(c.Context, s, o)
		},
		Commands: []*cli.Command{newPlot(s)},
	}
}

// run does what the flags ask for.
func run(ctx context.Context, s tool.Stdio, o *options) error {
	if err := o.takeNetwork(); err != nil {
		return err
	}
	switch {
	case o.printNet || o.dryRun:
		return plan(s, o)
	default:
		return fit(ctx, s, o)
	}
}
