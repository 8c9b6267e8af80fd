package history

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/draw"
	"backdrop/lib/run"
)

// A Log is what a run logged, under the name of its file or another.
type Log struct {
	Name   string
	Epochs []run.Record
}

var runName = regexp.MustCompile(`^(.+)-(\d+)$`)

// ArmSeed takes the name of a run's file, ARM-SEED and an extension, apart.
func ArmSeed(name string) (arm string, seed int, ok bool) {
	parts := runName.FindStringSubmatch(strings.TrimSuffix(name, filepath.Ext(name)))
	if parts == nil {
		return "", 0, false
	}
	seed, err := strconv.Atoi(parts[2])
	return parts[1], seed, err == nil
}

// Curves shows losses and accuracies by epoch, of training and, dashed, of validation; of many arms, in panels of their own. Logs
// named ARM-SEED.jsonl are runs of an arm.
func Curves(logs []Log) (*draw.Trends, error) {
	arms, runs, of := armsOf(logs)
	if len(arms) > draw.MaxArms {
		return nil, fmt.Errorf("there are %d curves, and %d colours to tell them apart; name fewer logs, or name those of one arm ARM-SEED.jsonl", len(arms), draw.MaxArms)
	}
	t := &draw.Trends{X: "epoch", Arms: arms, Solid: "training", Dashed: "validation"}
	alike := draw.Crowded(len(arms)) && slices.Max(runs) == slices.Min(runs) // names are short where the title says it
	for i, n := range runs {
		if n > 1 && !alike {
			t.Arms[i] += fmt.Sprintf(" (%d runs)", n)
		}
	}
	var titles []string
	for _, f := range figures {
		training, validation := (kind{value: f.training}).trends(logs, of, len(arms)), (kind{value: f.validation, dashed: true}).trends(logs, of, len(arms))
		if len(training)+len(validation) == 0 {
			continue
		}
		titles = append(titles, f.name)
		if !draw.Crowded(len(arms)) {
			t.Panels = append(t.Panels, draw.TrendPanel{Y: f.name, Magnitude: f.magnitude, Trends: append(training, validation...)})
			continue
		}
		for _, p := range []draw.TrendPanel{{Y: "training " + f.name, Trends: training}, {Y: "validation " + f.name, Trends: validation}} {
			if p.Magnitude = f.magnitude; len(p.Trends) > 0 {
				t.Panels = append(t.Panels, p)
			}
		}
	}
	if len(t.Panels) == 0 {
		return nil, errors.New("there is no loss and no accuracy to draw")
	}
	title := strings.Join(titles, " and ") + " by epoch"
	t.Title = strings.ToUpper(title[:1]) + title[1:]
	if alike && runs[0] > 1 {
		t.Title += fmt.Sprintf(", %d runs each", runs[0])
	}
	return t, nil
}

// figures are what a panel can show.
var figures = []struct {
	name                 string
	magnitude            bool
	training, validation func(run.Record) *float64
}{
	{"loss", true, func(e run.Record) *float64 { return &e.Loss }, func(e run.Record) *float64 { return e.ValLoss }},
	{"accuracy", false, func(e run.Record) *float64 { return &e.Accuracy }, func(e run.Record) *float64 { return e.ValAccuracy }},
}

// A kind of lines is a figure in training or in validation.
type kind struct {
	value  func(run.Record) *float64
	dashed bool
}

// trends are the arms' lines of a kind, of those runs that have any.
func (k kind) trends(logs []Log, of []int, arms int) []draw.Trend {
	var all []draw.Trend
	for arm := range arms {
		t := draw.Trend{Arm: arm, Dashed: k.dashed}
		for i, l := range logs {
			if of[i] != arm {
				continue
			}
			var r draw.Run
			for _, e := range l.Epochs {
				if v := k.value(e); v != nil && !math.IsNaN(*v) && !math.IsInf(*v, 0) {
					r.X, r.Y = append(r.X, float64(e.Epoch)), append(r.Y, *v)
				}
			}
			if len(r.X) > 0 {
				t.Runs = append(t.Runs, r)
			}
		}
		if len(t.Runs) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// armsOf names the arms, in the order of their first logs, with their numbers of runs, and tells of each log to which it
// belongs. A log without others of its arm keeps its whole name. Folders are named where logs come from more than one.
func armsOf(logs []Log) (arms []string, runs, of []int) {
	folders, seeds := map[string]bool{}, map[string]int{}
	for _, l := range logs {
		folders[filepath.Dir(l.Name)] = true
		arm, _, _ := ArmSeed(l.Name)
		seeds[arm]++
	}
	index := map[string]int{}
	for _, l := range logs {
		name := strings.TrimSuffix(l.Name, ".jsonl")
		key := name
		if arm, _, ok := ArmSeed(l.Name); ok && seeds[arm] > 1 {
			name, key = arm, arm+"\x00" // which is not a log of that name
		}
		if len(folders) == 1 {
			name = filepath.Base(name)
		}
		i, ok := index[key]
		if !ok {
			i = len(arms)
			index[key], arms, runs = i, append(arms, name), append(runs, 0)
		}
		runs[i]++
		of = append(of, i)
	}
	return arms, runs, of
}
