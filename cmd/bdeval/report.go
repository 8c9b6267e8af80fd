package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"backdrop/formats/stream"
	"backdrop/lib/metric"
)

// writeText writes tables for people.
func (r *report) writeText(w io.Writer) error {
	var t table
	t.add("samples", strconv.Itoa(r.n))
	if r.positive != "" {
		t.add("positive class", r.positive)
	}
	for _, f := range r.results {
		note := ""
		switch {
		case f.name == partialName:
			note = fmt.Sprintf("up to a false positive rate of %g, standardised", r.maxFPR)
		case f.name == calibrationName && r.positive == "":
			note = fmt.Sprintf("%d bins of equal width, %s", r.bins, f.note)
		case f.name == calibrationName:
			note = fmt.Sprintf("%d bins of equal width", r.bins)
		case r.positive == "":
			note = f.note
		}
		t.add(append(r.cells(f.name, f.value), note)...)
	}
	if c := r.compared; c != nil {
		t.add()
		t.add("compared with " + c.with)
		t.add(r.cells("its auc", c.Second)...)
		t.add(r.cells("difference", c.Difference)...)
		t.add("z", c.Z.String())
		if c.P.Defined() {
			t.add("p-value", fmt.Sprintf("%.4g", c.P.V))
		} else {
			t.add("p-value", c.P.String())
		}
	}
	if err := t.write(w, false); err != nil {
		return err
	}
	if line := r.about(); line != "" {
		if _, err := fmt.Fprintln(w, "\n"+line); err != nil {
			return err
		}
	}
	if r.perClass != nil {
		if err := r.writePerClass(w); err != nil {
			return err
		}
	}
	if r.confusion != nil {
		if err := r.writeConfusion(w); err != nil {
			return err
		}
	}
	if r.worst == nil {
		return nil
	}
	return r.writeWorst(w)
}

// cells are the name of a figure, its value, and its interval with the method.
func (r *report) cells(name string, v metric.Value) []string {
	cells := []string{name, v.String()}
	if i := v.Interval; v.Defined() && i != nil {
		return append(cells, i.String(), i.Method)
	}
	if r.intervals.Level > 0 {
		return append(cells, "", "")
	}
	return cells
}

// about says what the intervals are; empty if there are none.
func (r *report) about() string {
	level := r.intervals.Level
	if level == 0 && r.compared != nil {
		level = r.compared.level
	}
	if level == 0 {
		return ""
	}
	line := fmt.Sprintf("intervals of %g %%", 100*level)
	if r.drawn() {
		line += fmt.Sprintf("; bootstrap: labels drawn %d times from the probabilities, seed %d", r.intervals.Replicates, r.intervals.Seed)
	}
	return line
}

// drawn reports whether an interval depends on draws.
func (r *report) drawn() bool {
	return slices.ContainsFunc(r.results, func(f result) bool {
		return f.name == calibrationName && f.value.Interval != nil && f.value.Interval.Reason == ""
	})
}

// writePerClass writes a row for each class.
func (r *report) writePerClass(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "\nper class: auc is that of the class against the rest"); err != nil {
		return err
	}
	var t table
	t.add("class", "support", "precision", "recall", "f1", "auc")
	for _, c := range r.perClass {
		row := []string{c.Class, strconv.Itoa(c.Support)}
		for _, v := range []metric.Value{c.Precision, c.Recall, c.F1, c.AUC} {
			switch {
			case !v.Defined(): // why is said on standard error, and in JSON
				row = append(row, "-")
			case v.Interval != nil && v.Interval.Reason == "":
				row = append(row, v.String()+" ("+v.Interval.String()+")")
			default:
				row = append(row, v.String())
			}
		}
		t.add(row...)
	}
	return t.write(w, false)
}

// table is text in columns.
type table [][]string

// add adds a row. Names of classes come from outside.
func (t *table) add(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = stream.Printable(cell)
	}
	*t = append(*t, row)
}

// write pads the columns, to the right from the second on if they hold numbers. Rows of one or two cells, and figures
// and intervals that are undefined, do not widen columns behind the first.
func (t table) write(w io.Writer, numbers bool) error {
	var width []int
	for y, row := range t {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		t[y] = row
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			if i == 0 && len(row) > 1 || len(row) > 2 && !strings.HasPrefix(cell, "undefined") && !strings.HasPrefix(cell, "no interval") {
				width[i] = max(width[i], utf8.RuneCountInString(cell))
			}
		}
	}
	for _, row := range t {
		line := ""
		for i, cell := range row {
			switch {
			case i == 0:
				line = fmt.Sprintf("%-*s", width[0], cell)
			case numbers:
				line += fmt.Sprintf("  %*s", width[i], cell)
			default:
				line += fmt.Sprintf("  %-*s", width[i], cell)
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// writeConfusion writes the counts under and beside the names of the classes.
func (r *report) writeConfusion(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "\nconfusion: a row for each true class, a column for each predicted"); err != nil {
		return err
	}
	var t table
	t.add(append([]string{""}, r.confusion.Classes...)...)
	for i, counts := range r.confusion.Count {
		row := []string{r.confusion.Classes[i]}
		for _, n := range counts {
			row = append(row, strconv.Itoa(n))
		}
		t.add(row...)
	}
	return t.write(w, true)
}

// writeJSON writes one object: n, the positive class if there are two, what the intervals are, the figures in their
// order, those of each class, the comparison, confusion as rows with the names of its classes, and the samples with the largest loss.
func (r *report) writeJSON(w io.Writer) error {
	var o object
	o.add("n", r.n)
	if r.positive != "" {
		o.add("positive", r.positive)
	}
	if r.intervals.Level > 0 {
		o.add("ci", r.intervals.Level)
	}
	if r.drawn() {
		o.add("bootstrap", struct {
			Replicates int    `json:"replicates"`
			Seed       uint64 `json:"seed"`
			Resampled  string `json:"resampled"`
		}{r.intervals.Replicates, r.intervals.Seed, "labels, from the probabilities"})
	}
	if r.maxFPR > 0 {
		o.add("max_fpr", r.maxFPR)
	}
	if r.bins > 0 {
		o.add("bins", r.bins)
	}
	for _, f := range r.results {
		o.add(f.name, f.value)
	}
	if r.perClass != nil {
		o.add(perClassName, r.perClass)
	}
	if c := r.compared; c != nil {
		o.add("compare", struct {
			Scores     string       `json:"scores"`
			Level      float64      `json:"ci"`
			AUC        metric.Value `json:"auc"`
			Difference metric.Value `json:"difference"`
			Z          metric.Value `json:"z"`
			P          metric.Value `json:"p"`
		}{c.with, c.level, c.Second, c.Difference, c.Z, c.P})
	}
	if r.confusion != nil {
		o.add("classes", r.confusion.Classes)
		o.add(confusionName, r.confusion.Count)
	}
	if r.worst != nil {
		o.add("worst", r.worst)
	}
	return o.write(w)
}

// object is a JSON object whose members keep their order.
type object struct {
	members []string
	err     error
}

func (o *object) add(key string, value any) {
	text, err := json.Marshal(value)
	o.members, o.err = append(o.members, fmt.Sprintf("%q:%s", key, text)), errors.Join(o.err, err)
}

func (o *object) write(w io.Writer) error {
	if o.err != nil {
		return o.err
	}
	_, err := fmt.Fprintf(w, "{%s}\n", strings.Join(o.members, ","))
	return err
}
