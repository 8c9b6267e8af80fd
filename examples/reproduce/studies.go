package main

import "strings"

// A study is a question that arms of runs answer. Nothing else in this program knows of a particular one.
type study struct {
	Title string
	// Intro is paragraphs. {{.Train}}, {{.Epochs}}, {{.Samples}} and {{.Seeds}} are the numbers of training samples and
	// epochs of the first run, of samples that it was evaluated on, and of seeds.
	Intro    string
	Columns  []column // what is told of every run; the arms are compared by the first
	AllPairs bool     // compares all pairs of arms, not only every arm and the first
	Tune     bool     // no comparison: the best setting of every way to train is chosen
	Notes    string
	Pictures []picture
}

// figure is what the arms are compared by.
func (s study) figure() column { return s.Columns[0] }

// figures are the names of all that is told of a run.
func (s study) figures() []string {
	var all []string
	for _, c := range s.Columns {
		all = append(all, c.Key)
	}
	return append(all, trainLoss, seconds)
}

// A column is a figure that bdeval --json prints.
type column struct{ Key, Name string }

// A picture is drawn by the report, if it is one of drawn, or else by the tools.
type picture struct {
	File    string
	Title   string // its heading
	Alt     string // what is to be seen in it, for those who do not see it
	Caption string
}

var (
	accuracy = column{"accuracy", "test accuracy"}
	auc      = column{"auc", "test AUC"}
	logLoss  = column{"loss", "test log loss"}
)

var comparison = picture{
	File: "comparison.png", Title: "Result",
	Alt:     "A column of dots for each arm, one dot a seed, joined by lines where arms share a seed; beside each column its mean with a vertical bar for the 95 % interval.",
	Caption: "A small dot is a run, a line joins the runs of one seed, a large dot is the mean of an arm with its 95 % interval.",
}

var curves = picture{
	File: "curves.png", Title: "Training",
	Alt:     "Curves of the loss and of the accuracy by epoch, on training data and dashed on validation data where there are any: for each arm the mean of its runs, and a band that they keep to.",
	Caption: "Loss and accuracy on the training data, and dashed on the validation data. The band is the range of the runs of an arm or, with more than three arms, their middle half; mean and band end with its shortest run.",
}

// textures is a study of textures: on which data, and in which network.
func textures(title, data, network string) study {
	return study{
		Title: title,
		Intro: data + " Every seed has a training set of {{.Train}} samples, initial weights and an order of its own, which all arms of the seed " +
			"share. The test set of {{.Samples}} samples is the same for all. " + network + ", Adam, {{.Epochs}} epochs; the network " +
			"of the last one counts. Training (s) is on one thread.\n\n" +
			"An arm is named by the way to train, its choice, and its learning rate; `make tune` chose those of the studies. `none`: no " +
			"masks. `fine`, `coarse`, `both`: the mask of that scale, or each of the two, blocks a cell with this probability. `dropout`: " +
			"dropout in the masks' places at this rate. `crop`: training on random windows of this side. `decay`: AdamW with this weight decay.",
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
			Alt:     "For three samples the masks and the size of the gradient by the input: bright where cells of the masks pass, black elsewhere.",
			Caption: "The size of the gradient by the input for three samples: a step learns from these patches.",
		}},
	}
}

// description looks at what an effect depends on: a study with other data, networks or probabilities.
func description() study {
	s := textures("What the effect of a mask depends on", "Two-scale textures, 4 classes, as in the studies `few` and `small`; what differs from them stands in the commands.", "Network `pooled`, or that of another width in the commands, batches of 10")
	s.Notes += " This is a description of few seeds, not a test."
	s.Pictures = []picture{comparison, curves}
	return s
}

// tuned is how settings of a study are chosen.
func tuned(of string, columns ...column) study {
	for i, c := range columns {
		columns[i].Name = strings.Replace(c.Name, "test", "validation", 1)
	}
	return study{
		Title: "Settings for the study " + of, Tune: true, Columns: columns,
		Intro: "The arms of the study with several settings each, {{.Seeds}} seeds of their own, on {{.Samples}} validation images.",
	}
}

const (
	data128  = "Two-scale textures of 128×128 pixels, 4 classes (fine length 2.5 or 3.2, coarse length 10 or 17)."
	data1024 = "The paper's two-scale textures of 1024×1024 pixels, 4 classes (fine length 9.5 or 10, coarse length 80 or 140)."
)

var studies = map[string]study{
	"few":   textures("Does backdrop help with few samples?", data128, "Network `pooled`, batches of 10"),
	"small": textures("Does backdrop help on the small data set?", data128, "Network `pooled`, batches of 10"),
	"paper": textures("Does backdrop help on the paper's data?", data1024, "Network `crisp`, batches of 4"),

	"description": description(),

	"tune-few":   tuned("few", accuracy, logLoss),
	"tune-small": tuned("small", accuracy, logLoss),
	"tune-paper": tuned("paper", accuracy, logLoss),

	"auc": {
		Title: "A loss of ranks on few rare samples",
		Intro: "Handwritten digits (MNIST): the 8 against all others. Every seed draws a training set of 500 images, 25 of them an 8, " +
			"and initial weights; the arms of a seed share both. The test set is the database's, {{.Samples}} images. Network " +
			"`examples/mnist/net.txt`, Adam.\n\n" +
			"Arm `bce`: cross entropy, batches of 32, {{.Epochs}} epochs. Arm `auc`: squared hinge over all pairs of an 8 and another " +
			"digit, every step on all samples. Arm `mask`: the same with a backdrop layer on the sample axis that blocks the gradient " +
			"of each sample with probability 0.9. The learning rates, 0.001, 0.003 or 0.01, are those with the highest mean AUC on " +
			"validation images of the database's training part, over seeds 101 to 103 (`make tune-auc`); they stand behind the @.",
		Columns:  []column{auc, accuracy, logLoss},
		AllPairs: true,
		Notes:    "Accuracy and log loss are of the score as a logit, which the losses of ranks do not make it: they look at differences only.",
		Pictures: []picture{comparison, curves, {
			File: "preview.png", Title: "Data",
			Alt:     "Ten handwritten digits, from 0 to 9.",
			Caption: "The first image of each digit in the training set of seed 1. One in twenty is an 8.",
		}},
	},
	"tune-auc": tuned("auc", auc, accuracy, logLoss),
}
