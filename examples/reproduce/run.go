package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"backdrop/lib/history"
	"backdrop/lib/train"
)

// run is one trained and evaluated network.
type run struct {
	name    string // of its files, without extension
	arm     string
	seed    int
	samples int
	figures map[string]figure
	epochs  []train.Record
}

func (r *run) trainLoss() float64 { return r.epochs[len(r.epochs)-1].Loss }

// seconds is how long training took.
func (r *run) seconds() float64 {
	s := 0.0
	for _, e := range r.epochs {
		s += e.Seconds
	}
	return s
}

type figure struct{ Value *float64 }

func (f figure) String() string {
	if f.Value == nil {
		return "undefined"
	}
	return fmt.Sprintf("%.4f", *f.Value)
}

func read(name string, s study) (*run, error) {
	r := &run{name: strings.TrimSuffix(name, ".json"), figures: map[string]figure{}}
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
		var f figure
		if err := json.Unmarshal(all[c.Key], &f); err != nil {
			return nil, fmt.Errorf("reading %s: %s: %w", name, c.Key, err)
		}
		r.figures[c.Key] = f
	}
	if r.figures[s.Figure].Value == nil {
		return nil, fmt.Errorf("reading %s: there is no %s", name, s.Figure)
	}
	log, err := os.Open(r.name + ".jsonl")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	if r.epochs, err = history.Read(log); err != nil {
		return nil, fmt.Errorf("reading %s: %w", log.Name(), err)
	}
	return r, nil
}

// readAll reads the runs among the files.
func readAll(files []string, s study) ([]*run, error) {
	var runs []*run
	for _, name := range files {
		if filepath.Ext(name) != ".json" {
			continue
		}
		r, err := read(name, s)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("no runs are named")
	}
	return runs, nil
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
