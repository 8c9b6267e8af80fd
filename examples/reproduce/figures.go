package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// writeFigures writes a line for each run: its arm, its seed and its figures. An undefined figure is an empty cell.
func writeFigures(w io.Writer, s study, runs []*run) error {
	names := s.figures()
	out := csv.NewWriter(w)
	out.Write(append([]string{"arm", "seed"}, names...)) // Error returns its errors
	for _, r := range runs {
		line := []string{r.arm, fmt.Sprint(r.seed)}
		for _, name := range names {
			v, ok := r.figures[name]
			cell := ""
			if ok {
				cell = strconv.FormatFloat(v, 'g', -1, 64)
			}
			line = append(line, cell)
		}
		out.Write(line)
	}
	out.Flush()
	return out.Error()
}

// readFigures reads what writeFigures writes.
func readFigures(from io.Reader) ([]*run, error) {
	lines, err := csv.NewReader(from).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) < 2 || len(lines[0]) < 3 {
		return nil, fmt.Errorf("there are no runs")
	}
	var runs []*run
	for i, line := range lines[1:] {
		r := &run{arm: line[0], figures: map[string]float64{}}
		if r.seed, err = strconv.Atoi(line[1]); err != nil {
			return nil, fmt.Errorf("line %d: the seed: %w", i+2, err)
		}
		for k, name := range lines[0][2:] {
			if line[k+2] == "" {
				continue
			}
			if r.figures[name], err = strconv.ParseFloat(line[k+2], 64); err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", i+2, name, err)
			}
		}
		runs = append(runs, r)
	}
	return runs, nil
}
