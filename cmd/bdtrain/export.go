package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/export"
	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/onnx"
)

// exporter is the command that writes models in other formats.
type exporter struct {
	tool.Common
	model  string // argument
	to     string
	format exportFormat
}

// exportFormat is a format that models can be written in.
type exportFormat struct {
	name, what string // of --to, and what a file of it is called
	write      func(w io.Writer, m *models.Loaded) error
}

// exportFormats are all of them, the default first.
var exportFormats = []exportFormat{
	{"onnx", "an ONNX model", func(w io.Writer, m *models.Loaded) error {
		graph, err := export.ONNX(m)
		if err != nil {
			return err
		}
		return graph.Write(w)
	}},
	{"safetensors", "a safetensors file", export.Safetensors},
}

func newExport(s tool.Stdio) *cli.Command {
	e := &exporter{}
	return &cli.Command{
		Name:      "export",
		Usage:     "write a model for other programs",
		ArgsUsage: "[MODEL]",
		UsageText: "bdtrain export model.tar.zst > model.onnx\n" +
			"bdtrain export model.tar.zst -o model.safetensors",
		Description: "MODEL is a model that bdtrain wrote; standard input by default. Masks and dropout, which only training knows, are\n" +
			"left out. Of a checkpoint, the weights are those of its last step.\n" +
			"\n" +
			fmt.Sprintf("ONNX: a graph of operator set %d, IR version %d, as ONNX Runtime 1.12 and newer read it. Its input x is a batch of\n", onnx.Opset, onnx.IRVersion) +
			"samples [N,C,W], [N,C,H,W] or [N,C,D,H,W] in float32 with the values that bdtrain read: of a picture 0 to 1, of an array\n" +
			"as they are. It normalises them itself, but does not resize them. N is free, and so are D, H and W where the network\n" +
			"ends in gap or gmp and the model does not resize samples. The\n" +
			"outputs are logits [N,K] and their softmax, probabilities [N,K]; of a network with one output, that of 0 and the\n" +
			"logit, [N,2]. Models of losses that rank (auc-…, smooth-ap) have the output scores [N,1] instead. The metadata have\n" +
			"the names of the classes (JSON), the network's text, and means, deviations and range of the training data.\n" +
			"\n" +
			"safetensors: the parameters, mean and std by the names of the state_dict of the PyTorch module in examples/pytorch,\n" +
			"with the same metadata.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "to", Usage: "write `FORMAT`: " + exportNames(), DefaultText: "as -o says, else onnx", Destination: &e.to},
		}, e.Flags()),
		Before: e.check,
		Action: func(*cli.Context) error { return e.run(s) },
	}
}

func exportNames() string {
	var names []string
	for _, f := range exportFormats {
		names = append(names, f.name)
	}
	return strings.Join(names, " or ")
}

func (e *exporter) check(c *cli.Context) (err error) {
	if e.model, err = tool.Argument(c, "MODEL"); err != nil {
		return err
	}
	named := func(name string) int {
		return slices.IndexFunc(exportFormats, func(f exportFormat) bool { return f.name == name })
	}
	i := named(e.to)
	switch {
	case e.to == "":
		i = max(0, named(strings.ToLower(strings.TrimPrefix(filepath.Ext(e.Output), "."))))
	case i < 0:
		return tool.Usagef("--to must be %s, got %q", exportNames(), e.to)
	}
	e.format = exportFormats[i]
	output, input := tool.Name{Flag: "-o", File: e.Output}, tool.Name{Flag: "MODEL", File: e.model}
	try := "call it ." + e.format.name
	if e.to == "" {
		try = "call it .onnx, or .safetensors to have the weights for PyTorch"
	}
	if err := tool.FileName(output, e.format.what, try); err != nil {
		return err
	}
	if err := tool.Distinct([]tool.Name{output}, []tool.Name{input}); err != nil {
		return err
	}
	return e.Apply()
}

func (e *exporter) run(s tool.Stdio) error {
	in := s.In
	if tool.IsStdin(e.model) {
		var err error
		if in, err = s.Stdin(); err != nil {
			return err
		}
	}
	m, err := models.Load(e.model, in, e.Limits())
	if err != nil {
		return err
	}
	name := tool.InputName(e.model)
	if len(m.File.Progress) > 0 {
		s.Notice("bdtrain export", name+" is a checkpoint; these are the weights of its last step, which need not be the best")
	}
	if loss, ranks := m.Ranks(); ranks && e.format.name == "onnx" {
		s.Notice("bdtrain export", fmt.Sprintf("%s was trained with --loss %s, which ranks samples: its graph gives scores, and no probabilities", name, loss))
	}
	if !m.Resize.None() {
		s.Notice("bdtrain export", fmt.Sprintf("%s resizes samples to %v; what runs the exported model has to do that", name, m.Resize))
	}
	m.File = nil // the parameters once more
	return s.WriteFile(e.Output, tool.Binary, func(w io.Writer) error {
		if err := e.format.write(w, m); err != nil {
			return fmt.Errorf("exporting %s: %w", name, err)
		}
		return nil
	})
}
