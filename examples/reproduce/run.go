package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"backdrop/lib/history"
	bdrun "backdrop/lib/run"
)

// run is one trained and evaluated network.
type run struct {
	name    string // of its files, without extension
	arm     string
	seed    int
	samples int                // that it was evaluated on
	figures map[string]float64 // those of bdeval that are defined, trainLoss and seconds
	epochs  []bdrun.Record
	from    string // the .csv file that it was read from, if it was made on another computer; then it has no samples and epochs
}

// Figures of the log: the training loss of the last epoch, and how long training took.
const (
	trainLoss = "train_loss"
	seconds   = "seconds"
)

func read(name string, s study) (*run, error) {
	r := &run{name: strings.TrimSuffix(name, ".json"), figures: map[string]float64{}}
	var ok bool
	if r.arm, r.seed, ok = history.ArmSeed(filepath.Base(name)); !ok {
		return nil, fmt.Errorf("%s is not named ARM-SEED.json", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if err := json.Unmarshal(all["n"], &r.samples); err != nil {
		return nil, fmt.Errorf("reading %s: the number of samples, n: %w", name, err)
	}
	for _, c := range s.Columns {
		var f struct{ Value *float64 }
		if err := json.Unmarshal(all[c.Key], &f); err != nil {
			return nil, fmt.Errorf("reading %s: %s: %w", name, c.Key, err)
		}
		if f.Value != nil {
			r.figures[c.Key] = *f.Value
		}
	}
	if _, ok := r.figures[s.figure().Key]; !ok {
		return nil, fmt.Errorf("reading %s: there is no %s", name, s.figure().Key)
	}
	log, err := os.Open(r.name + ".jsonl")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	if r.epochs, _, err = bdrun.ReadLog(log); err != nil {
		return nil, fmt.Errorf("reading %s: %w", log.Name(), err)
	}
	r.figures[trainLoss] = r.epochs[len(r.epochs)-1].Loss
	for _, e := range r.epochs {
		r.figures[seconds] += e.Seconds
	}
	return r, nil
}

// readAll reads the runs among the files and those in .csv files, and sorts them by seed.
func readAll(files []string, s study) ([]*run, error) {
	var runs []*run
	for _, name := range files {
		var found []*run
		var err error
		switch filepath.Ext(name) {
		case ".json":
			found = make([]*run, 1)
			found[0], err = read(name, s)
		case ".csv":
			found, err = join(name, s)
		}
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if err := alike(r, runs); err != nil {
				return nil, err
			}
			runs = append(runs, r)
		}
	}
	if len(madeHere(runs)) == 0 {
		return nil, fmt.Errorf("no runs are named")
	}
	slices.SortStableFunc(runs, func(a, b *run) int { return a.seed - b.seed })
	return runs, nil
}

// join reads the figures that the report of another computer wrote.
func join(name string, s study) ([]*run, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	runs, err := readFigures(f)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	for _, r := range runs {
		r.name, r.from = fmt.Sprintf("%s-%d in %s", r.arm, r.seed, name), name
		if _, ok := r.figures[s.figure().Key]; !ok {
			return nil, fmt.Errorf("%s has no %s", r.name, s.figure().Key)
		}
	}
	return runs, nil
}

// madeHere returns the runs whose logs and models are on this computer.
func madeHere(runs []*run) []*run {
	return slices.DeleteFunc(slices.Clone(runs), func(r *run) bool { return r.from != "" })
}

// alike returns an error if there is the same run already, or if the files of a run are damaged: it was evaluated on a
// number of samples other than that of the other runs, or trained for a number of epochs other than that of its arm.
func alike(r *run, runs []*run) error {
	for _, other := range runs {
		if r.arm == other.arm && r.seed == other.seed {
			return fmt.Errorf("%s and %s are one run; leave one of them out", r.name, other.name)
		}
		if r.from != "" || other.from != "" {
			continue
		}
		if r.samples != other.samples {
			return fmt.Errorf("%s.json is of %d samples and %s.json of %d; remove the wrong one and make it again", r.name, r.samples, other.name, other.samples)
		}
		if r.arm == other.arm && len(r.epochs) != len(other.epochs) {
			return fmt.Errorf("%s.jsonl has %d epochs and %s.jsonl %d; remove the model of the shorter one and make it again", r.name, len(r.epochs), other.name, len(other.epochs))
		}
	}
	return nil
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

// seeds returns the seeds of the runs in ascending order.
func seeds(runs []*run) []int {
	var all []int
	for _, r := range runs {
		if !slices.Contains(all, r.seed) {
			all = append(all, r.seed)
		}
	}
	slices.Sort(all)
	return all
}
