package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	text "text/template"

	"backdrop/lib/draw"
	"backdrop/lib/history"
)

// report is what the pages show.
type report struct {
	study
	Answer   []string
	Compared table   // what the arms are
	Head     []table // means, and differences if there are any
	Method   string  // what the numbers in them mean
	EveryRun []table
	Pictures []loaded
	Commands []string
	Facts    []fact

	names map[string]string // of the arms, for readers
	train int               // samples that a run learns from; 0: those of the study
}

// loaded is a picture with its data as a URI (RFC 2397).
type loaded struct {
	picture
	URI template.URL
}

type fact struct{ Name, Value string }

func newReport(s study, runs []*run) (*report, error) {
	r := &report{study: s}
	intro, err := text.New("intro").Parse(s.Intro)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	first := madeHere(runs)[0]
	last := first.epochs[len(first.epochs)-1]
	r.train = last.Samples
	values := map[string]any{
		"About": s.About, "Network": s.Network, "Batch": s.numbers["BATCH"],
		"Train": last.Samples, "Epochs": len(first.epochs), "Samples": first.samples, "Seeds": len(seeds(runs)),
	}
	if err := intro.Execute(&b, values); err != nil {
		return nil, err
	}
	r.Intro = b.String() + joined(runs)
	r.tabulate(runs)
	return r, nil
}

// joined says which runs were made on other computers.
func joined(runs []*run) string {
	from := map[string][]*run{}
	for _, r := range runs {
		from[r.from] = append(from[r.from], r)
	}
	delete(from, "")
	text := ""
	for _, name := range slices.Sorted(maps.Keys(from)) {
		text += fmt.Sprintf("\n\nThe figures of %d runs, with the seeds %s, were made on another computer and joined from `%s`; curves and "+
			"commands are of the other runs.", len(from[name]), strings.Trim(fmt.Sprint(seeds(from[name])), "[]"), name)
	}
	return text
}

// tabulate computes the tables and the answer from the figures of the runs.
func (r *report) tabulate(runs []*run) {
	r.names = r.labels(arms(runs))
	r.Compared = r.explained(arms(runs))
	r.Head = []table{r.means(runs)}
	r.Method = r.method(runs)
	for _, c := range r.Columns {
		r.EveryRun = append(r.EveryRun, r.everyRun(c, runs))
		all := r.compare(runs, c.Key)
		if r.Tune || len(all) == 0 {
			continue
		}
		r.Head = append(r.Head, r.compared(c, all))
	}
	if r.Tune {
		r.Answer = choice(r.figure(), runs)
	} else {
		r.Answer = r.answer(runs)
	}
}

// drawn are the pictures that the report draws itself.
var drawn = map[string]func(*report, []*run) (interface{ Encode(io.Writer) error }, error){
	curves.File: func(r *report, runs []*run) (interface{ Encode(io.Writer) error }, error) {
		var logs []history.Log
		here := madeHere(runs)
		for _, run := range here {
			name := r.names[run.arm]
			if len(seeds(here)) > 1 {
				name += fmt.Sprintf("-%d", run.seed)
			}
			logs = append(logs, history.Log{Name: name + ".jsonl", Epochs: run.epochs})
		}
		return history.Curves(logs)
	},
	comparison.File: func(r *report, runs []*run) (interface{ Encode(io.Writer) error }, error) {
		return r.comparison(runs), nil
	},
}

func (r *report) comparison(runs []*run) *draw.Comparison {
	figure := r.figure()
	c := &draw.Comparison{Title: "The " + figure.Name + " of every run", Y: figure.Name, Arms: arms(runs)}
	for _, seed := range seeds(runs) {
		pair := slices.Repeat([]float64{math.NaN()}, len(c.Arms))
		for _, run := range runs {
			if run.seed == seed {
				pair[slices.Index(c.Arms, run.arm)] = run.figures[figure.Key]
			}
		}
		c.Pairs = append(c.Pairs, pair)
	}
	for i, arm := range c.Arms {
		c.Means = append(c.Means, estimated(values(runs, figure.Key, arm)).bar())
		c.Arms[i] = inLines(r.names[arm])
	}
	return c
}

// addPictures draws the pictures that the report draws itself, and embeds all pictures of the study.
func (r *report) addPictures(folder string, runs []*run) error {
	for _, p := range r.study.Pictures {
		name := filepath.Join(folder, p.File)
		if of := drawn[p.File]; of != nil {
			picture, err := of(r, runs)
			if err != nil {
				return err
			}
			if err := create(name, picture.Encode); err != nil {
				return err
			}
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if p.File == curves.File && draw.Crowded(len(arms(madeHere(runs)))) {
			p = crowdedCurves
		}
		if p.File == comparison.File && r.mostSeeds(runs) < fewest {
			p.Alt, p.Caption = strings.Replace(p.Alt, barAlt, "", 1), strings.Replace(p.Caption, barCaption, "", 1)
		}
		r.Pictures = append(r.Pictures, loaded{p, template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data))})
	}
	return nil
}

// addCommands reads how the files were made.
func (r *report) addCommands(files []string) error {
	var folders []string
	files = slices.DeleteFunc(slices.Clone(files), func(name string) bool { return filepath.Ext(name) == ".csv" })
	for _, name := range files {
		if dir := filepath.Dir(name); !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	r.Commands = append(r.Commands, "mkdir -p "+strings.Join(folders, " "))
	for _, name := range files {
		command, err := os.ReadFile(name + ".cmd")
		if err != nil {
			return fmt.Errorf("how %s was made is not known: %w", name, err)
		}
		r.Commands = append(r.Commands, strings.TrimSpace(string(command)))
	}
	return nil
}

// writeCommands writes the commands as a script.
func (r *report) writeCommands(w io.Writer) error {
	_, err := fmt.Fprintf(w, "# How the files of the report were made, one after the other. Run it with bash in the project's folder, after make build.\nset -euo pipefail\n%s\n",
		strings.Join(r.Commands, "\n"))
	return err
}

// write writes the pages, the commands as a script, and the figures of the runs for other programs.
func (r *report) write(folder string, runs []*run) error {
	return errors.Join(
		create(filepath.Join(folder, "runs.csv"), func(w io.Writer) error { return writeFigures(w, r.study, runs) }),
		create(filepath.Join(folder, "commands.sh"), r.writeCommands),
		create(filepath.Join(folder, "report.md"), func(w io.Writer) error { return markdownPage.Execute(w, r) }),
		create(filepath.Join(folder, "report.html"), func(w io.Writer) error { return htmlPage.Execute(w, r) }),
	)
}

func create(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
