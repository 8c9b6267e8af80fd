package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	text "text/template"

	"backdrop/lib/draw"
	"backdrop/lib/history"
)

// report is what both pages show.
type report struct {
	study
	Answer      []string
	Rows        [][]string // of the table of runs; the first is its head
	Means       []estimate // by arm
	Differences []estimate // of arms, where seeds are paired
	Pictures    []loaded
	Commands    []string // that made what is shared by all runs, and the runs of the first seed
	More        []string // the other seeds'
	Facts       []fact
}

// loaded is a picture as a data: URI, RFC 2397.
type loaded struct {
	picture
	URI template.URL
}

type fact struct{ Name, Value string }

func newReport(s study, runs []*run) (*report, error) {
	r := &report{study: s, Rows: [][]string{{"arm", "seed"}}}
	intro, err := text.New("intro").Parse(s.Intro)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := intro.Execute(&b, map[string]int{"Samples": runs[0].samples, "Epochs": len(runs[0].epochs)}); err != nil {
		return nil, err
	}
	r.Intro = b.String()
	for _, c := range s.Columns {
		r.Rows[0] = append(r.Rows[0], c.Name)
	}
	r.Rows[0] = append(r.Rows[0], "last training loss", "training (s)")
	for _, run := range runs {
		row := []string{run.arm, fmt.Sprint(run.seed)}
		for _, c := range s.Columns {
			row = append(row, run.figures[c.Key].String())
		}
		r.Rows = append(r.Rows, append(row, number(run.trainLoss()), fmt.Sprintf("%.0f", run.seconds())))
	}
	names := arms(runs)
	for _, arm := range names {
		r.Means = append(r.Means, estimated(arm, s.values(runs, arm)))
	}
	for i, arm := range names {
		for j, base := range names[:i] {
			if d := s.differences(runs, arm, base); s.Paired && len(d) > 0 {
				difference := estimated(arm+" − "+base, d)
				r.Differences = append(r.Differences, difference)
				if j == 0 {
					r.Answer = append(r.Answer, r.verdict(r.Means[i], r.Means[0], difference))
				}
			}
		}
	}
	if len(r.Answer) == 0 {
		best := slices.MaxFunc(r.Means, func(a, b estimate) int { return int(math.Copysign(1, a.Mean.Mean-b.Mean.Mean)) })
		r.Answer = []string{fmt.Sprintf("The highest mean %s is that of %s: %v.", r.FigureName(), best.Name, best)}
	}
	return r, nil
}

// FigureName is what the arms are compared by.
func (s study) FigureName() string {
	i := slices.IndexFunc(s.Columns, func(c column) bool { return c.Key == s.Figure })
	return s.Columns[i].Name
}

// verdict says what the difference of two arms means.
func (r *report) verdict(a, b, difference estimate) string {
	numbers := fmt.Sprintf("%s against %s; the difference, paired by seed, is %v", a.Value(), b.Value(), difference)
	switch {
	case difference.Low > 0:
		return fmt.Sprintf("The mean %s is higher with %s than with %s: %s.", r.FigureName(), a.Name, b.Name, numbers)
	case difference.High < 0:
		return fmt.Sprintf("The mean %s is lower with %s than with %s: %s.", r.FigureName(), a.Name, b.Name, numbers)
	default:
		return fmt.Sprintf("No difference between %s and %s can be told: the mean %s is %s.", a.Name, b.Name, r.FigureName(), numbers)
	}
}

// drawn are the pictures that the report draws itself.
var drawn = map[string]func(*report, []*run) (interface{ Encode(io.Writer) error }, error){
	curves.File: func(_ *report, runs []*run) (interface{ Encode(io.Writer) error }, error) {
		var logs []history.Log
		for _, r := range runs {
			logs = append(logs, history.Log{Name: r.name, Epochs: r.epochs})
		}
		return history.Curves(logs)
	},
	comparison.File: func(r *report, runs []*run) (interface{ Encode(io.Writer) error }, error) {
		return r.comparison(runs), nil
	},
}

func (r *report) comparison(runs []*run) *draw.Comparison {
	c := &draw.Comparison{Title: "The " + r.FigureName() + " of every run", Y: r.FigureName(), Arms: arms(runs)}
	rows := map[int][]float64{} // by seed
	for _, run := range runs {
		row := rows[run.seed]
		if row == nil || !r.Paired {
			row = slices.Repeat([]float64{math.NaN()}, len(c.Arms))
			c.Pairs = append(c.Pairs, row)
			rows[run.seed] = row
		}
		row[slices.Index(c.Arms, run.arm)] = *run.figures[r.Figure].Value
	}
	for _, m := range r.Means {
		c.Means = append(c.Means, m.Mean)
	}
	return c
}

// addPictures draws what the report draws, and takes in all pictures of the study.
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
	for _, name := range files {
		command, err := os.ReadFile(name + ".cmd")
		if err != nil {
			return fmt.Errorf("how %s was made is not known: %w", name, err)
		}
		base, _, _ := strings.Cut(filepath.Base(name), ".")
		_, seed, ok := history.ArmSeed(base)
		if ok && seed != runs[0].seed {
			r.More = append(r.More, strings.TrimSpace(string(command)))
		} else {
			r.Commands = append(r.Commands, strings.TrimSpace(string(command)))
		}
	}
	return nil
}

// write writes the pages.
func (r *report) write(folder string) error {
	return errors.Join(
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
