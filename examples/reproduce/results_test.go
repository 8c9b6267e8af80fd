package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The figures of the runs in results/ give the tables of the reports beside them, and those in RESULTS.md.
func TestResults(t *testing.T) {
	const root = "../.."
	text, err := os.ReadFile(filepath.Join(root, "RESULTS.md"))
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{} // rows of RESULTS.md with figures in them
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| ") && strings.Contains(line, "0.") {
			left[strings.TrimSpace(line)] = true
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "results", "*", "runs.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no results: %v", err)
	}
	rows := 0
	for _, name := range files {
		folder := filepath.Dir(name)
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		runs, err := readFigures(f)
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		page, err := os.ReadFile(filepath.Join(folder, "report.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		r := &report{study: studyOf(filepath.Base(folder))}
		r.tabulate(runs)
		for _, sentence := range r.Answer {
			if !strings.Contains(string(page), "**"+sentence+"**\n") {
				t.Errorf("%s/report.md does not say: %s", folder, sentence)
			}
		}
		for _, table := range append(r.Head, r.EveryRun...) {
			for _, cells := range table.Rows {
				row := "| " + strings.Join(cells, " | ") + " |"
				if !strings.Contains(string(page), row+"\n") {
					t.Errorf("%s/report.md has no row %s", folder, row)
				}
				if left[row] {
					rows++
				}
				delete(left, row)
			}
		}
	}
	for row := range left {
		t.Errorf("RESULTS.md has a row that does not follow from results/: %s", row)
	}
	if rows < 20 {
		t.Errorf("RESULTS.md has %d rows of results", rows)
	}
}

// studyOf is the study whose results are in a folder of this name.
func studyOf(folder string) study {
	if s, ok := studies[folder]; ok {
		return s
	}
	return studies["description"]
}
