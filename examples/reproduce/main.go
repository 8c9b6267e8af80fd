// Reproduce runs the studies that RESULTS.md reports on, with make. They are a table in studies.go.
//
//	go run ./examples/reproduce -study few -o out out/few/test.tar.zst out/few/none@0.001-11.json out/few/fine@0.8@0.001-11.json …
//
// writes the report of a study, report.md and report.html, the pictures that the report draws itself, commands.sh and runs.csv. The
// arguments are the files that the study is made of; the command that made FILE is in FILE.cmd. ARM-SEED.json is what
// bdeval --json printed for a run; its log is in ARM-SEED.jsonl and its model in ARM-SEED.model.tar.zst. A .csv file is the
// runs.csv of another computer, whose runs join the tables.
//
// With -rules it writes a file with the rules of make for STUDY instead, and prints its name; with -estimate it prints how
// long the missing runs take. Both read the variables of make, such as STUDY, SEEDS and EPOCHS, from the environment.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	name := flag.String("study", "few", "name of the study")
	folder := flag.String("o", "out", "folder of the report or of the rules")
	toRules := flag.Bool("rules", false, "write the rules of make, and print the name of their file")
	toEstimate := flag.Bool("estimate", false, "print how long the missing runs take")
	flag.Parse()
	var err error
	switch {
	case *toRules:
		err = printRules(*folder)
	case *toEstimate:
		err = printEstimate()
	default:
		err = write(*name, *folder, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

func write(name, folder string, files []string) error {
	study, ok := find(name)
	if !ok {
		return fmt.Errorf("there is no study %q", name)
	}
	study.Pictures = slices.DeleteFunc(slices.Clone(study.Pictures), func(p picture) bool {
		made := func(file string) bool { return filepath.Clean(file) == filepath.Join(folder, p.File) }
		return drawn[p.File] == nil && !slices.ContainsFunc(files, made) // those of masks, where no arm has any
	})
	runs, err := readAll(files, study)
	if err != nil {
		return err
	}
	r, err := newReport(study, runs)
	if err != nil {
		return err
	}
	if err := r.addPictures(folder, runs); err != nil {
		return err
	}
	if err := r.addCommands(files); err != nil {
		return err
	}
	if err := r.addFacts(runs); err != nil {
		return err
	}
	return r.write(folder, runs)
}
