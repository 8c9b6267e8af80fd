package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The runs.csv in results/ give the tables of the reports beside them, and those in RESULTS.md. A row of RESULTS.md is a
// row of a report, or has the cells of the report that it begins with a link to, or is in results/coverage.md.
func TestResults(t *testing.T) {
	const root = "../.."
	text, err := os.ReadFile(filepath.Join(root, "RESULTS.md"))
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}       // rows of RESULTS.md with figures in them
	linked := map[string][]string{} // those of them that begin with a link to results/KEY/report.md
	link := regexp.MustCompile(`^\| \[[^|]*\]\(results/([^/]+)/report\.md\) \| `)
	for line := range strings.Lines(string(text)) {
		if row := strings.TrimSpace(line); strings.HasPrefix(row, "| ") && strings.Contains(row, "0.") {
			left[row] = true
			if folder := link.FindStringSubmatch(row); folder != nil {
				linked[folder[1]] = append(linked[folder[1]], row)
			}
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
		study, ok := find(strings.TrimSuffix(filepath.Base(folder), "-earlier"))
		if !ok {
			t.Errorf("%s has results of no study", folder)
			continue
		}
		r := &report{study: study}
		r.tabulate(runs)
		for _, sentence := range r.Answer {
			if !strings.Contains(string(page), "**"+sentence+"**\n") {
				t.Errorf("%s/report.md does not say: %s", folder, sentence)
			}
		}
		found := map[string]bool{}
		for _, table := range slices.Concat([]table{r.Compared}, r.Head, r.EveryRun) {
			for _, cells := range table.Rows {
				row := "| " + strings.Join(cells, " | ") + " |"
				if !strings.Contains(string(page), row+"\n") {
					t.Errorf("%s/report.md has no row %s", folder, row)
				}
				if left[row] {
					rows++
				}
				delete(left, row)
				for _, cell := range cells {
					found[cell] = true
				}
			}
		}
		for _, row := range linked[filepath.Base(folder)] {
			cells := strings.Split(strings.TrimSuffix(link.ReplaceAllString(row, ""), " |"), " | ")
			if !slices.ContainsFunc(cells, func(cell string) bool { return !found[cell] }) {
				delete(left, row)
			}
		}
	}
	coverage, err := os.ReadFile(filepath.Join(root, "results", "coverage.md"))
	if err != nil {
		t.Fatal(err)
	}
	for row := range left {
		if strings.Contains(string(coverage), "\n"+row+"\n") {
			continue
		}
		t.Errorf("RESULTS.md has a row that does not follow from results/: %s", row)
	}
	if rows < 20 {
		t.Errorf("RESULTS.md has %d rows of results", rows)
	}
}

// The arms of the studies are those that tuning chose.
func TestArmsAreChosen(t *testing.T) {
	for _, s := range []study{few, small, paper, ranks} {
		page, err := os.ReadFile(filepath.Join("../../results", "tune-"+s.name, "report.md"))
		if err != nil {
			t.Fatal(err)
		}
		_, chosen, _ := strings.Cut(string(page), "**The settings with the highest mean ")
		if !strings.Contains(chosen, ": "+s.arms+".**\n") {
			t.Errorf("the arms of %s are %s, and results/tune-%[1]s/report.md says %.300[3]q", s.name, s.arms, chosen)
		}
	}
}
