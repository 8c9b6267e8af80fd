package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// study is a question that arms of runs answer.
type study struct {
	title  string
	intro  string // with the numbers of test samples and of the first run's epochs
	figure string // what the arms are compared by
	of     func(*run) figure
	paired bool // arms of a seed share their data: compare them
	footer string
}

var studies = map[string]study{
	"textures": {
		title: "Does backdrop help on the small data set?",
		intro: `Two-scale textures of 128×128 pixels, 4 classes (fine length 2.5 or 3.2, coarse length 10 or 17). Every seed has a
training set, initial weights and masks of its own; both arms of a seed share the first two. The test set of %d samples
is the same for all. Network ` + "`pooled`" + `, Adam, learning rate 0.001, batches of 10, %d epochs. Arm ` + "`plain`" + ` has no
masks, arm ` + "`masked`" + ` blocks each cell of the fine mask with probability 0.95.
`,
		figure: "accuracy",
		of:     func(r *run) figure { return r.Accuracy },
		paired: true,
		footer: `Chance is an accuracy of 0.25.

![training loss of every run](curves.png)

![the masks of the first masked run](masks.png)

![where a step of that run can learn from: the size of the gradient by the input](gradient.png)
`,
	},
	"tune-auc": {
		title:  "Learning rates for the study of ranks",
		intro:  "The arms of `make reproduce-auc` with three learning rates each, on %d validation images (the first arm: %d epochs).\n",
		figure: "AUC",
		of:     func(r *run) figure { return r.AUC },
		footer: "\n",
	},
	"auc": {
		title: "A loss of ranks on few rare samples",
		intro: `Handwritten digits (MNIST): the 8 against all others. Every seed draws a training set of 500 images, 25 of them an 8,
and initial weights; the arms of a seed share both. The test set is the database's, %d images. Network
` + "`examples/mnist/net.txt`" + `, Adam. Arm ` + "`bce`" + `: cross entropy, batches of 32, %d epochs. Arm ` + "`auc`" + `: squared hinge
over all pairs of an 8 and another digit, every step on all samples. Arm ` + "`mask`" + `: the same with a
backdrop layer on the sample axis that blocks the gradient of each sample with probability 0.9. The learning rates,
0.001, 0.003 or 0.01, are those with the highest mean AUC on validation images of the database's training part, over
seeds 101 to 103 (` + "`make tune-auc`" + `); they stand behind the @.
`,
		figure: "AUC",
		of:     func(r *run) figure { return r.AUC },
		paired: true,
		footer: `Accuracy and log loss are of the score as a logit, which the losses of ranks do not make it: they look at differences
only.

![training loss of every run](curves.png)
`,
	},
}

// report writes the table of all runs, the mean of every arm, and how each differs from the first.
func (s study) report(w io.Writer, runs []*run) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", s.title)
	fmt.Fprintf(&b, s.intro, runs[0].N, len(runs[0].losses))
	b.WriteString("\n| arm | seed | test accuracy | test AUC | test log loss | last training loss | training (s) |\n|---|---|---|---|---|---|---|\n")
	for _, r := range runs {
		fmt.Fprintf(&b, "| %s | %d | %v | %v | %v | %.4f | %.0f |\n", r.arm, r.seed, r.Accuracy, r.AUC, r.Loss, r.trainLoss(), r.seconds)
	}
	b.WriteString("\n")
	names := arms(runs)
	for _, arm := range names {
		fmt.Fprintf(&b, "- %s: test %s %s\n", arm, s.figure, interval(s.values(runs, arm)))
	}
	for i, arm := range names {
		for _, base := range names[:i] {
			if d := s.differences(runs, arm, base); s.paired && len(d) > 0 {
				fmt.Fprintf(&b, "- %s − %s, paired by seed: %s\n", arm, base, interval(d))
			}
		}
	}
	b.WriteString("\nIntervals are Student's t at 95 % over seeds; with few seeds they are wide, and rightly so. " + s.footer)
	_, err := io.WriteString(w, b.String())
	return err
}

func arms(runs []*run) []string {
	var names []string
	for _, r := range runs {
		if !slices.Contains(names, r.arm) {
			names = append(names, r.arm)
		}
	}
	return names
}

// values returns the study's figure of every run of an arm.
func (s study) values(runs []*run, arm string) []float64 {
	var all []float64
	for _, r := range runs {
		if r.arm == arm {
			all = append(all, *s.of(r).Value)
		}
	}
	return all
}

// differences returns how the figure differs between two arms, for every seed that both have.
func (s study) differences(runs []*run, arm, base string) []float64 {
	var all []float64
	for _, a := range runs {
		for _, b := range runs {
			if a.arm == arm && b.arm == base && a.seed == b.seed {
				all = append(all, *s.of(a).Value-*s.of(b).Value)
			}
		}
	}
	return all
}

// interval writes a mean with Student's 95 % interval (Student, "The Probable Error of a Mean", Biometrika 6, 1908).
func interval(v []float64) string {
	mean := stat.Mean(v, nil)
	n := float64(len(v))
	if n < 2 {
		return fmt.Sprintf("%.4f (one seed: no interval)", mean)
	}
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * stat.StdDev(v, nil) / math.Sqrt(n)
	return fmt.Sprintf("%.4f, 95 %% interval %.4f to %.4f (%d seeds)", mean, mean-half, mean+half, len(v))
}
