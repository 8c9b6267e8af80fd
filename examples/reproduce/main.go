// Reproduce writes the report of make reproduce: a table of every run, what the masks change, and the curves of the
// training loss.
//
//	go run ./examples/reproduce -curves out/curves.png out/plain-1.json out/masked-1.json … > out/report.md
//
// Each file is what bdeval --json printed for the run ARM-SEED; the run's log is read from ARM-SEED.jsonl beside it.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

func main() {
	picture := flag.String("curves", "", "draw the training loss of every run into this PNG")
	flag.Parse()
	if err := write(*picture, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

func write(picture string, names []string) error {
	runs, err := readAll(names)
	if err != nil {
		return err
	}
	if picture != "" {
		f, err := os.Create(picture)
		if err != nil {
			return err
		}
		if err := errors.Join(curves(f, runs), f.Close()); err != nil {
			return err
		}
	}
	return report(os.Stdout, runs)
}

// run is one trained and evaluated network.
type run struct {
	arm  string
	seed int

	N        int
	Accuracy figure
	Loss     figure
	AUC      figure

	losses  []float64 // in training, by epoch
	seconds float64
}

func (r *run) trainLoss() float64 { return r.losses[len(r.losses)-1] }

type figure struct{ Value *float64 }

func (f figure) String() string {
	if f.Value == nil {
		return "undefined"
	}
	return fmt.Sprintf("%.4f", *f.Value)
}

var runName = regexp.MustCompile(`^(.+)-(\d+)\.json$`)

func read(name string) (*run, error) {
	parts := runName.FindStringSubmatch(filepath.Base(name))
	if parts == nil {
		return nil, fmt.Errorf("%s is not named ARM-SEED.json", name)
	}
	r := &run{arm: parts[1]}
	r.seed, _ = strconv.Atoi(parts[2])
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if r.Accuracy.Value == nil {
		return nil, fmt.Errorf("reading %s: there is no accuracy", name)
	}
	log, err := os.ReadFile(strings.TrimSuffix(name, ".json") + ".jsonl")
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(log) {
		var e struct{ Loss, Seconds float64 }
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("reading the log of %s: %w", name, err)
		}
		r.losses = append(r.losses, e.Loss)
		r.seconds += e.Seconds
	}
	if len(r.losses) == 0 {
		return nil, fmt.Errorf("the log of %s is empty", name)
	}
	return r, nil
}

func readAll(names []string) ([]*run, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("no runs are named")
	}
	var runs []*run
	for _, name := range names {
		r, err := read(name)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

func report(w io.Writer, runs []*run) error {
	var b strings.Builder
	fmt.Fprintf(&b, `# Does backdrop help on the small data set?

Two-scale textures of 128×128 pixels, 4 classes (fine length 2.5 or 3.2, coarse length 10 or 17). Every seed has a
training set, initial weights and masks of its own; both arms of a seed share the first two. The test set of %d samples
is the same for all. Network `+"`pooled`"+`, Adam, learning rate 0.001, batches of 10, %d epochs. Arm `+"`plain`"+` has no
masks, arm `+"`masked`"+` blocks each cell of the fine mask with probability 0.95.

| arm | seed | test accuracy | test AUC | test log loss | last training loss | training (s) |
|---|---|---|---|---|---|---|
`, runs[0].N, len(runs[0].losses))
	for _, r := range runs {
		fmt.Fprintf(&b, "| %s | %d | %v | %v | %v | %.4f | %.0f |\n", r.arm, r.seed, r.Accuracy, r.AUC, r.Loss, r.trainLoss(), r.seconds)
	}
	b.WriteString("\n")
	for _, arm := range arms(runs) {
		fmt.Fprintf(&b, "- %s: test accuracy %s\n", arm, interval(accuracies(runs, arm)))
	}
	if d := differences(runs, "masked", "plain"); len(d) > 0 {
		fmt.Fprintf(&b, "- masked − plain, paired by seed: %s\n", interval(d))
	}
	b.WriteString(`
Intervals are Student's t at 95 % over seeds; with few seeds they are wide, and rightly so. Chance is an accuracy of
0.25.

![training loss of every run](curves.png)

![the masks of the first masked run](masks.png)

![where a step of that run can learn from: the size of the gradient by the input](gradient.png)
`)
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

func accuracies(runs []*run, arm string) []float64 {
	var all []float64
	for _, r := range runs {
		if r.arm == arm {
			all = append(all, *r.Accuracy.Value)
		}
	}
	return all
}

// differences returns the differences in accuracy between two arms for every seed that both have.
func differences(runs []*run, arm, base string) []float64 {
	var all []float64
	for _, a := range runs {
		for _, b := range runs {
			if a.arm == arm && b.arm == base && a.seed == b.seed {
				all = append(all, *a.Accuracy.Value-*b.Accuracy.Value)
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
