package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// table returns a table of the page: the cells of each row. The first two are the figure and its interval.
func table(t *testing.T, title string) [][]string {
	t.Helper()
	page, err := os.ReadFile("../../results/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(page), "\n## "+title+"\n\n")
	if !found {
		t.Fatalf("results/coverage.md has no %q", title)
	}
	text, _, _ = strings.Cut(text, "\n\n")
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[2:] {
		rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
	}
	if len(rows) != len(intervals) {
		t.Fatalf("%s: %d rows, want %d", title, len(rows), len(intervals))
	}
	return rows
}

// The page has what the program measures. The smallest numbers of samples are measured here again.
func TestMeasuredAgain(t *testing.T) {
	const simulations = 2000 // as for the page
	p := populations[0]
	rows := table(t, title(p, true))
	for column, rare := range []bool{false, true} {
		counts := cell{p, true, rare, sizes[0]}.measure(simulations)
		for i, of := range intervals {
			if got, want := counts[i].String(), rows[i][2+column]; rows[i][0] != of.figure || rows[i][1] != of.method || got != want {
				t.Errorf("%s, %s: %s of %d samples, results/coverage.md has %s for %q", of.figure, of.method, got, sizes[0], want, rows[i][:2])
			}
		}
	}
}

// Intervals have the coverage that they claim, except for the smallest samples, and for DeLong's where a class has few samples
// or few on the wrong side of the threshold.
func TestCoverage(t *testing.T) {
	for _, p := range populations {
		for _, drawn := range []bool{true, false} {
			for _, row := range table(t, title(p, drawn)) {
				for column, cell := range row[2:] {
					text, _, _ := strings.Cut(cell, " ")
					covered, err := strconv.ParseFloat(text, 64)
					if err != nil {
						t.Fatal(err)
					}
					least := 92.5
					if sizes[column/2] == 20 {
						least = 81
					}
					if strings.HasPrefix(row[1], "DeLong") && row[1] != "DeLong, logit" {
						least = 78
					}
					if covered < least {
						t.Errorf("%s: %s of %d samples, column %d: %v", title(p, drawn), row[:2], sizes[column/2], column, covered)
					}
				}
			}
		}
	}
}

// Figures of the populations that have a closed form. For two normal scores d deviations apart, with the distribution
// function f, the AUC is f(d/√2), and the share of each class on the wrong side of the middle is f(−d/2).
func TestTruth(t *testing.T) {
	truth := cell{population: populations[0]}.truth()
	for i, of := range intervals {
		want := map[string]float64{
			"auc":                        0.855578, // scipy.stats.norm.cdf(1.5/2**.5)
			"accuracy":                   0.773373, // norm.cdf(.75)
			"recall":                     0.773373,
			"f1":                         0.773373,
			"difference of auc":          0.855578 - 0.760250, // norm.cdf(1/2**.5)
			"calibration_error":          0,
			"calibration_error of three": 0,
		}
		if v, ok := want[of.figure]; ok && !(truth[i] > v-2e-4 && truth[i] < v+2e-4) {
			t.Errorf("%s: %v, want %v", of.figure, truth[i], v)
		}
	}
}
