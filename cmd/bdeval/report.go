package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writeText writes a table for people.
func (r *report) writeText(w io.Writer) error {
	rows := [][3]string{{"samples", strconv.Itoa(r.n)}}
	if r.positive != "" {
		rows = append(rows, [3]string{"positive class", r.positive})
	}
	for _, f := range r.results {
		row := [3]string{f.name, f.value.String()}
		if r.positive == "" {
			row[2] = f.note
		}
		rows = append(rows, row)
	}
	width := 0
	for _, row := range rows {
		width = max(width, utf8.RuneCountInString(row[0]))
	}
	for _, row := range rows {
		line := fmt.Sprintf("%-*s  %-6s  %s", width, row[0], row[1], row[2])
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	if r.confusion == nil {
		return nil
	}
	return r.writeConfusion(w)
}

// writeConfusion writes the counts under and beside the names of the classes.
func (r *report) writeConfusion(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "\nconfusion: a row for each true class, a column for each predicted"); err != nil {
		return err
	}
	rows := [][]string{append([]string{""}, r.confusion.Classes...)}
	for i, counts := range r.confusion.Count {
		row := []string{r.confusion.Classes[i]}
		for _, n := range counts {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := fmt.Sprintf("%-*s", width[0], row[0])
		for i, cell := range row[1:] {
			line += fmt.Sprintf("  %*s", width[i+1], cell)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes one object: n, the positive class if there are two, the figures in their order, and confusion as
// rows with the names of its classes.
func (r *report) writeJSON(w io.Writer) error {
	var parts []string
	add := func(key string, value any) error {
		text, err := json.Marshal(value)
		parts = append(parts, fmt.Sprintf("%q:%s", key, text))
		return err
	}
	if err := add("n", r.n); err != nil {
		return err
	}
	if r.positive != "" {
		if err := add("positive", r.positive); err != nil {
			return err
		}
	}
	for _, f := range r.results {
		if err := add(f.name, f.value); err != nil {
			return err
		}
	}
	if r.confusion != nil {
		if err := add("classes", r.confusion.Classes); err != nil {
			return err
		}
		if err := add(confusionName, r.confusion.Count); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "{%s}\n", strings.Join(parts, ","))
	return err
}
