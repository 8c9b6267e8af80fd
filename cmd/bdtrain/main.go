// Bdtrain trains a convolutional network with backdrop masks on labelled samples and writes it as a model.
package main

import (
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/net"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Stdio) *cli.App {
	f := defaults()
	var config *config
	return &cli.App{
		Name:      "bdtrain",
		Usage:     "train a network with backdrop masks",
		ArgsUsage: "[DATA]",
		UsageText: "gpgen -n 100 | bdtrain --epochs 40 > model.tar.zst\n" +
			"bdtrain train.tar --val val.tar --mask fine=0.9:NHW -o model.tar.zst\n" +
			"bdtrain photos/ --val-fraction 0.2 -o model.tar.zst\n" +
			"bdtrain x.npy --labels y.npy --net crisp --dry-run\n" +
			"bdtrain --config run.conf train.tar.zst > model.tar.zst\n" +
			"bdtrain plot log.jsonl > curves.png\n" +
			"bdtrain export model.tar.zst > model.onnx",
		Description: "DATA is a tensor stream, a tar of .npy, .png, .jpg or .tif members (.tar, .tar.gz, .tar.zst), a folder of such files,\n" +
			"a .npy with --labels, or an .npz with samples and labels; standard input by default. With --epochs 1 the samples are\n" +
			"used in their order, and read once, one batch in memory, unless they are in a folder or a flag needs all of them first\n" +
			"(--batch 0, --attribute, --val-fraction, --fold, --normalise data, --schedule cosine, --warmup, --class-weights\n" +
			"balanced); with more epochs they are kept, and shuffled anew in each. An interrupt (^C, SIGTERM, SIGHUP) ends training\n" +
			"with code 130 and writes the model of the last finished epoch; a second one ends it at once. The learning rate, masks\n" +
			"and everything else random depend on --seed alone, so the same command writes the same bytes.\n" +
			"\n" +
			"A label is the name of a class or, where no name can be meant, its number, counted from 0: in a member .cls, as\n" +
			"\"label\" or \"cls\" in .json, or a word in .txt; those of one sample must agree. Labels of an array are [N], [N,1]\n" +
			"or [1,N]: numbers, -1 and 1 of two classes, or texts, which name the classes in the order of text; so do those of a tar\n" +
			"or a folder that are all texts. Those of validation data are found by the names of the training data.\n" +
			"\n" +
			"Where no sample of a folder or a tar has a label, the folder is the class: the first one in which the paths of\n" +
			"samples differ, cats and dogs of photos/cats/1.jpg and photos/dogs/a/2.jpg, in the order of names, or of numbers if\n" +
			"all are such. A line says which. Links are followed, hidden files and folders skipped; files that are no picture,\n" +
			"array or label, such as Thumbs.db, are passed over, and a line names the first. Grey pictures among RGB ones are\n" +
			"taken as RGB.\n" +
			"\n" +
			"A run with --checkpoint FILE --resume FILE can be cut anywhere, and the same command goes on from the last\n" +
			"checkpoint to the same bytes, model and log (but for seconds: an epoch that was resumed counts from there). An\n" +
			"interrupt writes a checkpoint of its step; SIGUSR1 writes one when the step under way is over, and training goes\n" +
			"on, which is what sbatch --signal is for. With --epochs 1 the samples used are read again and passed over.\n" +
			"Models and checkpoints are compressed with zstd, unless their names end in .tar; .tar.gz is read, not written.\n" +
			"\n" +
			"With --normalise auto samples stay as they are if every channel is of order one: a deviation from 0.1 to 10, and a\n" +
			"mean of at most 3 deviations. Otherwise all channels are normalised, each by itself, as with data, and one line says\n" +
			"so. Where samples are read once, those of the first step decide. A constant channel is not scaled, and named: one of\n" +
			"at most 3 is left as it is, a larger one is taken as 0. With --init, auto is what the model says. The model keeps means\n" +
			"and deviations, and the range of the training data: one line says if --val, or later what the model judges, lies in\n" +
			"another, that is if more than 1 % of a channel's values are farther outside than the range is wide, or if their mean\n" +
			"absolute value is less than 1/30 of what it was, or less than 1/12 as their largest one is.\n" +
			"\n" +
			"Samples have one size, unless --resize brings them to it or --augment crop=N cuts windows of one size out of them. A\n" +
			"resized pixel is the mean of the area that it covers along axes that shrink, and is interpolated linearly along those\n" +
			"that grow, in floating point, each channel by itself; one line says if an aspect changes by more than 2 times. The\n" +
			"model resizes what it judges likewise, and so does a run that begins with it (--init), unless it has a --resize of its\n" +
			"own. On windows of samples that differ in size the network is that of the windows; validation and bdeval take each\n" +
			"sample whole, for which it has to end in gap or gmp, as presets do. Means and deviations of --normalise are over all\n" +
			"pixels of all samples as they come out of --resize, whatever windows are taken, so a large sample counts for more.\n" +
			"\n" +
			"A network is text, one layer a line as key=value, the first one the input: c=1 w=500 of sequences, c=3 h=100 w=317 of\n" +
			"images, c=1 d=48 h=48 w=48 of volumes. Kernels, strides, pads and dilations are one number for all axes, or one for\n" +
			"each, such as kernel=3x5. --print-net shows how a preset is written. Layers are " + kinds() + ".\n" +
			"\n" +
			"What the axes of an array are is said by --axes, else by the data, else by the network where only one way suits it.\n" +
			"Presets take what nobody names as [N,T], [N,H,W], [N,C,H,W] or [N,C,D,H,W], and say so where there is another way.\n" +
			"\n" +
			"Losses but xent tell two classes apart by one score. Those of ranks (auc-…, smooth-ap) and soft-fB are functions of\n" +
			"all scores of a batch together: take large ones, or --batch 0, and have a backdrop layer on the axis N choose the\n" +
			"samples whose gradient is computed (--mask coarse=0.9:N). Batches that lack a class without which the loss is\n" +
			"undefined are skipped, and counted in the log: the positive one or, with losses of ranks, one of the two.\n" +
			"\n" +
			"With --class-weights the loss of a step is the weighted mean of its samples, their losses times their weights divided\n" +
			"by the sum of the weights, as of PyTorch's CrossEntropyLoss(weight=…). So is the validation loss, by which --patience\n" +
			"goes; accuracies count all samples alike, and so does the loss of bdeval. balanced is n/(K·n_k) for a class of n_k of\n" +
			"the n samples to train on, as in scikit-learn. The list is one of CSV: an item whose name has a comma stands in double\n" +
			"quotes, '\"a,b=2\",c=3'.\n" +
			"\n" +
			"--fold K/N with one --seed for each K is a cross-validation. bdeval -m MODEL --fold K/N DATA judges a model by what it\n" +
			"has held out; with -m for each of the N models, every sample by the one that has not seen it.\n" +
			"\n" +
			"A config has a flag a line: its name without dashes, a blank, and its value up to the end of the line. Lines that begin\n" +
			"with # are comments. All flags may be there but --config, --print-config, --help and --version. Those on the command\n" +
			"line take the place of the same in the config, and of what excludes them (--no-masks that of --mask, --fold that of\n" +
			"--val); --mask and --penalty that of the same NAME. --print-config leaves out DATA and what the result does not depend\n" +
			"on, such as -o, --log and --threads. --config MODEL takes the settings that a model was trained with, and its network\n" +
			"where that is no preset, but no data: --labels, --val, --attribute and --groups are given anew.",
		Metadata: guide().Metadata(),
		Flags:    slices.Concat(f.list(), f.Flags()),
		Before: func(c *cli.Context) (err error) {
			config, err = f.configure(c)
			return err
		},
		Action:   func(c *cli.Context) error { return config.given.locate(execute(c.Context, s, config)) },
		Commands: []*cli.Command{newPlot(s), newExport(s)},
	}
}

// kinds lists the kinds of layers, the first few in a line.
func kinds() string {
	const first = 3
	all := net.Kinds()
	last := len(all) - 1
	return strings.Join(all[:first], ", ") + ",\n" + strings.Join(all[first:last], ", ") + " and " + all[last]
}

// execute does what the flags ask for.
func execute(ctx context.Context, s tool.Stdio, c *config) error {
	if c.printConfig {
		return printConfig(s, c)
	}
	from, err := readOrigin(c)
	if err != nil {
		return err
	}
	if err := from.checkResize(c); err != nil {
		return err
	}
	if c.printNet || c.dryRun {
		return plan(s, c, from)
	}
	return fit(ctx, s, c, from)
}
