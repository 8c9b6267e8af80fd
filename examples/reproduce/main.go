// Reproduce writes the report of a study: a table of every run, how the arms differ, and the curves of the training
// loss.
//
//	go run ./examples/reproduce -study textures -curves out/curves.png out/plain-1.json out/masked-1.json … > out/report.md
//
// Each file is what bdeval --json printed for the run ARM-SEED; the run's log is read from ARM-SEED.jsonl beside it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	study := flag.String("study", "textures", "textures, or auc")
	picture := flag.String("curves", "", "draw the training loss of every run into this PNG")
	flag.Parse()
	if err := write(*study, *picture, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

func write(name, picture string, names []string) error {
	study, ok := studies[name]
	if !ok {
		return fmt.Errorf("there is no study %q", name)
	}
	runs, err := readAll(names, study)
	if err != nil {
		return err
	}
	if picture != "" {
		f, err := os.Create(picture)
		if err != nil {
			return err
		}
		if err := errors.Join(curves(f, runs), f.Close()); err != nil {
			return err
		}
	}
	return study.report(os.Stdout, runs)
}
