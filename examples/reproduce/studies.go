package main

// A study is a question that arms of runs answer. Nothing else in this program knows of a particular one.
type study struct {
	Title    string
	Intro    string // paragraphs; {{.Samples}} and {{.Epochs}} are the numbers of test samples and of the first run's epochs
	Figure   string // what the arms are compared by, one of Columns
	Columns  []column
	Paired   bool // runs of a seed share their data: arms are compared by the differences
	Notes    string
	Pictures []picture
}

// A column of the table of runs is a figure that bdeval --json prints.
type column struct{ Key, Name string }

// A picture is drawn by the report, if it is one of drawn, or else by the tools.
type picture struct {
	File    string
	Title   string // its heading
	Alt     string // what is to be seen in it, for those who do not see it
	Caption string
}

var columns = []column{{"accuracy", "test accuracy"}, {"auc", "test AUC"}, {"loss", "test log loss"}}

var comparison = picture{
	File: "comparison.png", Title: "Result",
	Alt:     "A column of dots for each arm, one dot a seed, joined by lines where two arms share a seed; beside each column its mean with a vertical bar for the 95 % interval.",
	Caption: "A small dot is a run, a line joins the runs of one seed, a large dot is the mean of an arm with its 95 % interval.",
}

var curves = picture{
	File: "curves.png", Title: "Training",
	Alt:     "Curves of the loss and of the accuracy on the training data by epoch: for each arm the mean, the range of its runs, and a thin line for every run.",
	Caption: "Loss and accuracy on the training data. The band is the range of the runs of an arm; mean and band end with its shortest run.",
}

var studies = map[string]study{
	"textures": {
		Title: "Does backdrop help on the small data set?",
		Intro: "Two-scale textures of 128×128 pixels, 4 classes (fine length 2.5 or 3.2, coarse length 10 or 17). Every seed has a " +
			"training set, initial weights and masks of its own; both arms of a seed share the first two. The test set of " +
			"{{.Samples}} samples is the same for all. Network `pooled`, Adam, learning rate 0.001, batches of 10, {{.Epochs}} epochs.\n\n" +
			"Arm `plain` has no masks, arm `masked` blocks each cell of the fine mask with probability 0.95.",
		Figure:  "accuracy",
		Columns: columns,
		Paired:  true,
		Notes:   "Chance is an accuracy of 0.25.",
		Pictures: []picture{comparison, curves, {
			File: "preview.png", Title: "Data",
			Alt:     "Four textures in colours from black to yellow, one a class: fine grain of two slightly different sizes on smooth patches that are small in two of them and large in the others.",
			Caption: "A training sample of each class. The class is the fine length and the coarse length, in pixels.",
		}, {
			File: "masks.png", Title: "Masks",
			Alt:     "The masks of the first training step on the grid of the input: scattered small bright cells of the fine mask on dark ground, the coarse mask all bright, and their product.",
			Caption: "The masks of the first masked run in its first step. The gradient comes back through the bright cells only.",
		}, {
			File: "gradient.png", Title: "What a step learns from",
			Alt:     "For three samples the masks and the size of the gradient by the input: small bright squares where cells of the fine mask pass, black elsewhere.",
			Caption: "The size of the gradient by the input for three samples: a step learns from these patches.",
		}},
	},
	"auc": {
		Title: "A loss of ranks on few rare samples",
		Intro: "Handwritten digits (MNIST): the 8 against all others. Every seed draws a training set of 500 images, 25 of them an 8, " +
			"and initial weights; the arms of a seed share both. The test set is the database's, {{.Samples}} images. Network " +
			"`examples/mnist/net.txt`, Adam.\n\n" +
			"Arm `bce`: cross entropy, batches of 32, {{.Epochs}} epochs. Arm `auc`: squared hinge over all pairs of an 8 and another " +
			"digit, every step on all samples. Arm `mask`: the same with a backdrop layer on the sample axis that blocks the gradient " +
			"of each sample with probability 0.9. The learning rates, 0.001, 0.003 or 0.01, are those with the highest mean AUC on " +
			"validation images of the database's training part, over seeds 101 to 103 (`make tune-auc`); they stand behind the @.",
		Figure:  "auc",
		Columns: columns,
		Paired:  true,
		Notes:   "Accuracy and log loss are of the score as a logit, which the losses of ranks do not make it: they look at differences only.",
		Pictures: []picture{comparison, curves, {
			File: "preview.png", Title: "Data",
			Alt:     "Ten handwritten digits, from 0 to 9.",
			Caption: "The first image of each digit in the training set of seed 1. One in twenty is an 8.",
		}},
	},
	"tune-auc": {
		Title:   "Learning rates for the study of ranks",
		Intro:   "The arms of `make reproduce-auc` with three learning rates each, on {{.Samples}} validation images (the first arm: {{.Epochs}} epochs).",
		Figure:  "auc",
		Columns: columns,
	},
}
