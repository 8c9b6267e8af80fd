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
	Head     []table // means, and differences if there are any
	EveryRun []table
	Pictures []loaded
	Commands []string // for what all runs share, and for the runs of the first seed
	More     []string // for the other seeds
	Facts    []fact
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
	ways := ""
	for _, w := range s.ways {
		ways += fmt.Sprintf(" `%s`: %s.", w.name, w.text)
	}
	values := map[string]any{
		"About": s.About, "Network": s.Network, "Batch": s.numbers["BATCH"], "Ways": strings.TrimSpace(ways),
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
	r.Head = []table{r.means(runs)}
	for _, c := range r.Columns {
		r.EveryRun = append(r.EveryRun, everyRun(c, runs))
		all := r.compare(runs, c.Key)
		if r.Tune || len(all) == 0 {
			continue
		}
		r.Head = append(r.Head, compared(c, all))
		if c == r.figure() {
			r.Answer = answer(c, all)
		}
	}
	if len(r.Answer) == 0 {
		r.Answer = choice(r.figure(), runs)
	}
}

// drawn are the pictures that the report draws itself.
var drawn = map[string]func(*report, []*run) (interface{ Encode(io.Writer) error }, error){
	curves.File: func(_ *report, runs []*run) (interface{ Encode(io.Writer) error }, error) {
		var logs []history.Log
		for _, r := range madeHere(runs) {
			logs = append(logs, history.Log{Name: r.name + ".jsonl", Epochs: r.epochs})
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
		c.Means = append(c.Means, estimated(values(runs, figure.Key, arm)).Mean)
		c.Arms[i] = strings.ReplaceAll(arm, "@", "\n@") // a name is too long for one line
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
		r.Pictures = append(r.Pictures, loaded{p, template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data))})
	}
	return nil
}

// addCommands reads how the files were made.
func (r *report) addCommands(files []string, runs []*run) error {
	var folders []string
	files = slices.DeleteFunc(slices.Clone(files), func(name string) bool { return filepath.Ext(name) == ".csv" })
	first := seeds(madeHere(runs))[0]
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
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(filepath.Base(name), ".json"), ".tar.zst"), ".model")
		_, seed, ok := history.ArmSeed(base + ".jsonl")
		if ok && seed != first {
			r.More = append(r.More, strings.TrimSpace(string(command)))
		} else {
			r.Commands = append(r.Commands, strings.TrimSpace(string(command)))
		}
	}
	return nil
}

// write writes the pages, and the figures of the runs for other programs.
func (r *report) write(folder string, runs []*run) error {
	return errors.Join(
		create(filepath.Join(folder, "runs.csv"), func(w io.Writer) error { return writeFigures(w, r.study, runs) }),
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
