// Reproduce is what make knows studies by. A study is an entry of the table in studies.go.
//
//	go run ./examples/reproduce -rules -o out/rules
//
// writes rules of make for the study that STUDY names, and prints the name of their file; -estimate prints how long its
// missing runs take. Variables of make, such as SEEDS and EPOCHS, are taken from the environment. Otherwise it writes the
// report of a study, report.md and report.html, with the pictures that only it draws, and runs.csv:
//
//	go run ./examples/reproduce -study few -o out out/few/test.tar.zst out/few/none@0.001-11.json out/few/fine@0.8@0.001-11.json …
//
// The arguments are the files that the study is made of, in the order of their making; beside each, in FILE.cmd, is the
// command that made it. ARM-SEED.json is what bdeval --json printed for a run; its log is read from ARM-SEED.jsonl, and
// its model from ARM-SEED.model.tar.zst. A .csv is what another computer's report wrote: its runs join the tables.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	name := flag.String("study", "few", "one of those in studies.go")
	folder := flag.String("o", "out", "folder of the report and its pictures, or of the rules")
	toRules := flag.Bool("rules", false, "write rules of make instead, and print the name of their file")
	toEstimate := flag.Bool("estimate", false, "print how long missing runs take instead")
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
	if err := r.addCommands(files, runs); err != nil {
		return err
	}
	if err := r.addFacts(runs); err != nil {
		return err
	}
	return r.write(folder, runs)
}
