package main

import (
	"slices"
	"strings"
)

// A study is a question that arms of runs answer.
type study struct {
	name    string // as in STUDY=few
	Title   string // of its report
	About   string // its data
	kind           // how runs are made, and the rest of the report
	Network string // a preset
	scales  string // of the textures, as in gpgen --scales
	numbers numbers
	arms    string // such as none@0.001 fine@0.8@0.001
	seeds   string
	tune    tuning
	Tune    bool // the report chooses the best setting of every way to train, and compares nothing

	variables      string // prefix of the variables of make that change it
	folder, report string // of its runs and of its report, in OUT
	described      bool   // made by make descriptions
}

// numbers are sizes by the names of the variables of make that change them: SIDE of a sample in pixels; WIDTH, channels of
// the network, 0 for those of the preset; TRAIN, VAL and TEST samples; CURVE, validation samples of the learning curves,
// which have a point after EVERY epochs; EPOCHS; BATCH; STEPS, epochs of losses of ranks, each of one step.
type numbers map[string]int

// tuning is what make tune tries. The lists have commas.
type tuning struct {
	plain string // learning rates of ways without a choice
	rates string // learning rates of ways with a choice
	seeds string
}

// find returns the study of a name. That of tune-few is how the settings of few are chosen.
func find(name string) (s study, ok bool) {
	of, tune := strings.CutPrefix(name, "tune-")
	i := slices.IndexFunc(studies, func(s study) bool { return s.name == of })
	if i < 0 {
		return s, false
	}
	s = studies[i]
	if tune {
		s.name, s.Title, s.Tune, s.Notes, s.Pictures = name, "Settings for the study "+of, true, "", nil
		s.Backdrop = ""
		s.Intro = "The arms of the study with several settings each, {{.Seeds}} seeds of their own, on {{.Samples}} validation images. An arm is named as in ARMS of make: " +
			"the way to train, its choice if it has one, and its learning rate."
		s.Columns = slices.Clone(s.Columns)
		for i, c := range s.Columns {
			s.Columns[i].Name = strings.Replace(c.Name, "test", "validation", 1)
		}
	}
	return s, true
}

// figure is what the arms are compared by.
func (s study) figure() column { return s.Columns[0] }

// figures are the names of all figures of a run.
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
	Alt:     "A column of dots for each arm, one dot a seed, joined by lines where arms share a seed; beside each column its mean" + barAlt + ".",
	Caption: "A small dot is a run, a line joins the runs of one seed, a large dot is the mean of an arm" + barCaption + ".",
}

// What is said of intervals, where there are any.
const (
	barAlt     = " with a vertical bar for the 95 % interval"
	barCaption = " with its 95 % interval"
)

var curves = picture{
	File: "curves.png", Title: "Training",
	Alt:     "Curves of the loss and of the accuracy by epoch, on training data and dashed on validation data where there are any: for each arm the mean of its runs, and a band that they keep to.",
	Caption: "Loss and accuracy on the training data, and dashed on the validation data. The band is the range of the runs of an arm; mean and band end with its shortest run.",
}

// crowdedCurves are those of many arms.
var crowdedCurves = picture{
	File: curves.File, Title: curves.Title,
	Alt:     "Curves of the loss and of the accuracy by epoch, on training data and on validation data where there are any: for each arm the mean of its runs, with its name at the end, and a band that most of them keep to.",
	Caption: "Loss and accuracy on the training data and on the validation data: the mean of an arm's runs, with a band for their middle half. Mean and band end with the shortest run.",
}
