// Coverage measures how often the intervals that bdeval prints hold the figure of the population that the samples are from.
// It writes results/coverage.md to standard output:
//
//	go run ./examples/coverage > results/coverage.md
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// level is the confidence level of all intervals.
const level = 0.95

func main() {
	simulations := flag.Int("simulations", 2000, "draw the samples of each cell `N` times")
	flag.Parse()
	if flag.NArg() > 0 || *simulations < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := write(os.Stdout, *simulations); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

const introduction = `# Coverage of intervals

How often, in per cent, intervals of bdeval of 95 %% hold the figure of the population. Each number is of %d draws of n samples,
so that its standard error is 0.5 where coverage is 95. In parentheses, where it is not 0: in how many per cent of the draws
there was no interval, or no figure; the others are those that count.

Scores of the two classes are normal, and so are those of three, which have one a class. *Calibrated* scores are the true
log-odds of classes that are 1.5 deviations apart (AUC 0.856); *overconfident* ones are twice the log-odds of classes 3 apart
(AUC 0.983, accuracy 0.93 to 0.97), so that few samples decide. The classes are of one size, or one of them is 1 in 10.
*Labels drawn*: each sample is of a class by chance, as samples of a population are, which is what the intervals are for. *Class
sizes fixed*: every draw has as many samples of each class as is its share.

Made by ` + "`go run ./examples/coverage > results/coverage.md`" + `, the same for every number of threads.
`

// write writes the page.
func write(w io.Writer, simulations int) error {
	if _, err := fmt.Fprintf(w, introduction, simulations); err != nil {
		return err
	}
	for _, p := range populations {
		for _, drawn := range []bool{true, false} {
			var columns [][]tally
			for _, n := range sizes {
				for _, rare := range []bool{false, true} {
					columns = append(columns, cell{p, drawn, rare, n}.measure(simulations))
				}
			}
			if err := writeTable(w, title(p, drawn), columns); err != nil {
				return err
			}
		}
	}
	return nil
}

func title(p population, drawn bool) string {
	if drawn {
		return p.name + " scores, labels drawn"
	}
	return p.name + " scores, class sizes fixed"
}

// writeTable writes a row for each interval, with a column for each number and share of samples.
func writeTable(w io.Writer, title string, columns [][]tally) error {
	fmt.Fprintf(w, "\n## %s\n\n| figure | interval |", title)
	for _, n := range sizes {
		fmt.Fprintf(w, " n = %d, balanced | 1 in 10 |", n)
	}
	fmt.Fprintf(w, "\n|---|---|%s\n", strings.Repeat("---|", len(columns)))
	for i, of := range intervals {
		fmt.Fprintf(w, "| %s | %s |", of.figure, of.method)
		for _, c := range columns {
			fmt.Fprintf(w, " %s |", c[i])
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	return nil
}
