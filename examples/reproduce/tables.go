package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// A table's first row is its head.
type table struct {
	Title string
	Rows  [][]string
}

// means returns the table of the means of every arm.
func (r *report) means(runs []*run) table {
	t := table{Title: "Means", Rows: [][]string{{"arm", "seeds"}}}
	for _, c := range r.Columns {
		t.Rows[0] = append(t.Rows[0], c.Name)
	}
	t.Rows[0] = append(t.Rows[0], "last training loss", "training (s)")
	for _, arm := range arms(runs) {
		row := []string{r.names[arm], fmt.Sprint(len(values(runs, r.figure().Key, arm)))}
		for _, c := range r.Columns {
			row = append(row, mean(values(runs, c.Key, arm)))
		}
		loss, time := estimated(values(runs, trainLoss, arm)), estimated(values(runs, seconds, arm))
		t.Rows = append(t.Rows, append(row, number(loss.Mean.Mean), fmt.Sprintf("%.1f", time.Mean.Mean)))
	}
	return t
}

func mean(v []float64) string {
	if len(v) == 0 {
		return "undefined"
	}
	return estimated(v).String()
}

// compared returns the table of the differences of a figure.
func (r *report) compared(c column, all []difference) table {
	between := func(d difference) string { return r.names[d.arm] + " − " + r.names[d.base] }
	t := table{Title: "Differences: " + c.Name, Rows: [][]string{{"difference", c.Name, "effect size", "higher/lower/equal", "sign test p", "verdict"}}}
	if base := all[0].base; !slices.ContainsFunc(all, func(d difference) bool { return d.base != base }) {
		t.Rows[0][0] = "beside " + r.names[base]
		between = func(d difference) string { return r.names[d.arm] }
	}
	for _, d := range all {
		effect := "none"
		if !math.IsNaN(d.Effect) {
			effect = minus(fmt.Sprintf("%.2f", d.Effect))
		}
		t.Rows = append(t.Rows, []string{
			between(d), d.estimate.String(), effect, fmt.Sprintf("%d/%d/%d", d.Higher, d.Lower, d.Equal),
			probability(d.P), string(d.verdict(len(all))),
		})
	}
	return t
}

func probability(p float64) string {
	if p < 0.0001 {
		return "< 0.0001"
	}
	return fmt.Sprintf("%.4f", p)
}

// everyRun returns a table with a row for each seed and a column for each arm.
func (r *report) everyRun(c column, runs []*run) table {
	names, head := arms(runs), []string{"seed"}
	for _, arm := range names {
		head = append(head, r.names[arm])
	}
	t := table{Title: "Every run: " + c.Name, Rows: [][]string{head}}
	for _, seed := range seeds(runs) {
		row := []string{fmt.Sprint(seed)}
		for _, arm := range names {
			cell := "–"
			if i := slices.IndexFunc(runs, func(r *run) bool { return r.arm == arm && r.seed == seed }); i >= 0 {
				cell = "undefined"
				if v, ok := runs[i].figures[c.Key]; ok {
					cell = number(v)
				}
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// choice says which setting of every way to train has the highest mean of the figure and, among equals, the lowest mean
// loss.
func choice(c column, runs []*run) []string {
	var ways []string
	best := map[string]string{}
	better := func(arm, than string) bool {
		if a, b := stat.Mean(values(runs, c.Key, arm), nil), stat.Mean(values(runs, c.Key, than), nil); a != b {
			return a > b
		}
		return stat.Mean(values(runs, "loss", arm), nil) < stat.Mean(values(runs, "loss", than), nil)
	}
	for _, arm := range arms(runs) {
		way, _, _ := strings.Cut(arm, "@")
		if best[way] == "" {
			ways = append(ways, way)
		}
		if best[way] == "" || better(arm, best[way]) {
			best[way] = arm
		}
	}
	var chosen []string
	for _, way := range ways {
		chosen = append(chosen, best[way])
	}
	return []string{fmt.Sprintf("The settings with the highest mean %s: %s.", c.Name, strings.Join(chosen, " "))}
}
