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
		row := []string{arm, fmt.Sprint(len(values(runs, r.figure().Key, arm)))}
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
func compared(c column, all []difference) table {
	between := func(d difference) string { return d.arm + " − " + d.base }
	t := table{Title: "Differences: " + c.Name, Rows: [][]string{{"difference", c.Name, "effect size", "higher/lower/equal", "sign test p", "verdict"}}}
	if base := all[0].base; !slices.ContainsFunc(all, func(d difference) bool { return d.base != base }) {
		t.Rows[0][0] = "beside " + base
		between = func(d difference) string { return d.arm }
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
func everyRun(c column, runs []*run) table {
	names := arms(runs)
	t := table{Title: "Every run: " + c.Name, Rows: [][]string{append([]string{"seed"}, names...)}}
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

// answer says in sentences how the arms differ from those that they are compared with.
func answer(c column, all []difference) []string {
	var sentences, bases []string
	for _, d := range all {
		if !slices.Contains(bases, d.base) {
			bases = append(bases, d.base)
		}
	}
	for _, base := range bases {
		var parts []string
		for _, v := range []struct {
			verdict
			words string
		}{{higher, "higher with"}, {hintHigher, "a hint higher with"}, {hintLower, "a hint lower with"}, {lower, "lower with"}, {open, "not told apart from that with"}} {
			var found []string
			for _, d := range all {
				if d.base != base || d.verdict(len(all)) != v.verdict {
					continue
				}
				name := d.arm
				if v.verdict != open {
					by := d.size()
					name += fmt.Sprintf(" (by %s, %s)", number(by.Mean.Mean), by.Interval())
				}
				found = append(found, name)
			}
			if len(found) > 0 {
				parts = append(parts, v.words+" "+strings.Join(found, ", "))
			}
		}
		sentences = append(sentences, fmt.Sprintf("Beside %s the %s is %s.", base, c.Name, strings.Join(parts, "; ")))
	}
	return sentences
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
