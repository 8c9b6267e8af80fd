package main

import (
	"slices"
	"strings"
)

// labels are what the pages call arms. Those of tuning are called as in ARMS of make.
func (s study) labels(arms []string) map[string]string {
	names := map[string]string{}
	for _, arm := range arms {
		names[arm] = s.label(arm)
	}
	for _, arm := range arms {
		same := func(other string) bool { return other != arm && s.label(other) == s.label(arm) }
		if _, _, rate, ok := s.parts(arm); ok && slices.ContainsFunc(arms, same) {
			names[arm] += ", rate " + rate
		}
	}
	return names
}

// label is what an arm is called without its learning rate.
func (s study) label(arm string) string {
	w, choice, _, ok := s.parts(arm)
	switch {
	case s.Tune:
		return arm
	case !ok: // of another computer's version
		return strings.ReplaceAll(arm, "@", " ")
	}
	return strings.ReplaceAll(w.label, "{CHOICE}", choice)
}

// explained returns the table of what the arms are: one row for each, or of tuning for each way to train.
func (r *report) explained(arms []string) table {
	if r.Tune {
		t := table{Title: "What was compared", Rows: [][]string{{"arm", "what it is"}}}
		for _, w := range r.ways {
			name := w.name
			if w.choices != "" {
				name += "@P"
			}
			t.Rows = append(t.Rows, []string{name + "@RATE", strings.ReplaceAll(w.text, "{CHOICE}", "P")})
		}
		return t
	}
	t := table{Title: "What was compared", Rows: [][]string{{"arm", "what it is", "learning rate"}}}
	for _, arm := range arms {
		w, choice, rate, _ := r.parts(arm)
		t.Rows = append(t.Rows, []string{r.names[arm], strings.ReplaceAll(w.text, "{CHOICE}", choice), rate})
	}
	return t
}

// inLines breaks the name of an arm for a picture in which it stands under a column.
func inLines(name string) string {
	const most = 9 // characters
	var lines []string
	for _, word := range strings.Fields(name) {
		if n := len(lines); n > 0 && len(lines[n-1])+1+len(word) <= most {
			lines[n-1] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return strings.Join(lines, "\n")
}
