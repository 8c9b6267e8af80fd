package main

import (
	"fmt"
	"math"
	"strings"
)

// row is a row of a table: its first cell, and a function that times the work and returns the others.
type row struct {
	name  string
	cells func() []string
}

// chosen reports whether any of these rows is to be printed.
func chosen(names ...string) bool {
	for _, name := range names {
		if only.MatchString(name) {
			return true
		}
	}
	return false
}

// announce says what the tables were measured on, before the first one.
var announce func()

// table times and prints the rows that are chosen, and reports whether there are any.
func table(titles []string, rows []row) bool {
	printed := false
	for _, r := range rows {
		if !chosen(r.name) {
			continue
		}
		if !printed {
			announce()
			line(titles...)
			fmt.Println(strings.Repeat("|---", len(titles)) + "|")
		}
		printed = true
		line(append([]string{r.name}, r.cells()...)...)
	}
	return printed
}

// line prints a row.
func line(cells ...string) { fmt.Println("| " + strings.Join(cells, " | ") + " |") }

// cell returns a number with three significant digits, or a dash for NaN.
func cell(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.*f", max(0, min(2, 2-int(math.Floor(math.Log10(v))))), v)
}

// milliseconds returns the cell of a time.
func milliseconds(v float64) []string { return []string{cell(v) + " ms"} }

// megabytes returns the cell of a number of megabytes.
func megabytes(mb float64) string {
	if math.IsNaN(mb) {
		return "–"
	}
	return cell(mb) + " MB"
}
