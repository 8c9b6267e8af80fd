package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/history"
	"backdrop/lib/run"
)

// A plot is the command that draws logs.
type plot struct {
	tool.Common
	logs []string
}

func newPlot(s tool.Stdio) *cli.Command {
	p := &plot{}
	return &cli.Command{
		Name:  "plot",
		Usage: "draw the curves of training runs from their logs",
		UsageText: "bdtrain plot log.jsonl > curves.png\n" +
			"bdtrain plot -o curves.png plain-*.jsonl masked-*.jsonl\n" +
			"tail -n 50 log.jsonl | bdtrain plot - > curves.png",
		Description: "LOG is what bdtrain --log writes, or any lines of JSON objects with an epoch and a loss, accuracy, val_loss or\n" +
			"val_accuracy; - is standard input, which is also the default. A panel shows losses, another accuracies, with\n" +
			"validation dashed. Logs named ARM-SEED.jsonl are runs of one arm, drawn as their mean, the range of the runs, and each\n" +
			"run as a thin line; there can be 7 arms. With more than 3, the band is the middle half of the runs, without lines;\n" +
			"validation has panels of its own, and each line its name at its end. Mean and band end with the shortest run. Losses\n" +
			"that span two decades have a logarithmic axis. A log that is being written, or cut, is drawn as far as it is,\n" +
			"and a line says so.",
		Flags:  p.Flags(),
		Before: p.check,
		Action: func(*cli.Context) error { return p.draw(s) },
	}
}

func (p *plot) check(c *cli.Context) error {
	p.logs = c.Args().Slice()
	if len(p.logs) == 0 {
		p.logs = []string{"-"}
	}
	output, inputs, named := tool.Name{Flag: "-o", File: p.Output}, []tool.Name{}, map[string]bool{}
	for _, log := range p.logs {
		if log = filepath.Clean(log); named[log] {
			return tool.Usagef("LOG %s is named twice", log)
		}
		named[log] = true
		inputs = append(inputs, tool.Name{Flag: "LOG", File: log})
	}
	if err := tool.Distinct([]tool.Name{output}, inputs); err != nil {
		return err
	}
	if err := tool.PictureName(output, ""); err != nil {
		return err
	}
	return p.Apply()
}

func (p *plot) draw(s tool.Stdio) error {
	var logs []history.Log
	notices := s.NewNotices("bdtrain plot")
	counter := tool.NewCounter("bdtrain plot", "log", len(p.logs))
	shown := s.NewProgress(p.Quiet, counter.Line)
	defer shown.Close()
	for _, name := range p.logs {
		epochs, cut, err := readLog(s, name)
		if err != nil {
			return err
		}
		if cut > 0 {
			notices.Add(fmt.Sprintf("reading %s: line %d, the last, is cut or being written, and left out", tool.InputName(name), cut))
		}
		logs = append(logs, history.Log{Name: tool.InputName(name), Epochs: epochs})
		counter.Step()
	}
	curves, err := history.Curves(logs)
	if err != nil {
		return err
	}
	if err := s.WriteFile(p.Output, tool.Binary, curves.Encode); err != nil {
		return err
	}
	notices.Show()
	return nil
}

func readLog(s tool.Stdio, name string) (epochs []run.Record, cut int, err error) {
	var in io.Reader
	if tool.IsStdin(name) {
		stdin, err := s.Stdin()
		if err != nil {
			return nil, 0, err
		}
		in = stdin
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, 0, err
		}
		defer f.Close()
		in = f
	}
	if epochs, cut, err = run.ReadLog(in); err != nil {
		return nil, 0, fmt.Errorf("reading %s: %w", tool.InputName(name), err)
	}
	return epochs, cut, nil
}

// picture is the file in which --plot draws a run. It is opened before training, and appears with the model.
type picture struct{ out *tool.Output }

func openPicture(results *tool.Results, name string) (picture, error) {
	if name == "" {
		return picture{}, nil
	}
	out, err := results.Create(name, tool.Binary)
	return picture{out}, err
}

func (p picture) draw(epochs []run.Record) error {
	if p.out == nil {
		return nil
	}
	curves, err := history.Curves([]history.Log{{Name: "this run", Epochs: epochs}})
	if err != nil {
		return err
	}
	return curves.Encode(p.out)
}
