package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

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

func read(name string, s study) (*run, error) {
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
	if s.of(r).Value == nil {
		return nil, fmt.Errorf("reading %s: there is no %s", name, s.figure)
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

func readAll(names []string, s study) ([]*run, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("no runs are named")
	}
	var runs []*run
	for _, name := range names {
		r, err := read(name, s)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}
