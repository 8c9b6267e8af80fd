package main

import (
	"fmt"
	"io"
	"strings"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
)

// guide is what --help says besides the flags.
func guide() tool.Guide {
	return tool.Guide{
		Groups: []tool.Group{
			{
				Name: "What to train on",
				Often: []tool.Line{
					{"val", "other data to validate on after each epoch"},
					{"val-fraction", "hold out this part of every class for validation"},
					{"labels", "the labels of a bare .npy"},
					{"resize", "bring all samples to one size, such as 128 or 96x128"},
					{"augment", "change samples each time: flip,roll,crop=N"},
					{"fold", "cross-validation: hold out fold K/N"},
				},
				Rest: "val-labels val-every classes normalise groups x y val-x val-y axes",
			},
			{
				Name: "The network and its masks",
				Often: []tool.Line{
					{"net", "a preset (bdtrain help presets), or a text file"},
					{"mask", "set a mask, such as fine=0.95:NHW; once for each"},
					{"init", "start from the weights of another model"},
				},
				Rest: "size shape no-masks",
			},
			{
				Name: "The loss",
				Often: []tool.Line{
					{"loss", "xent, bce, auc-sqhinge, soft-f1, smooth-ap, …"},
					{"class-weights", "balanced, or K=W,… where a class is rare"},
				},
				Rest: "positive pos-weight temperature penalty attribute",
			},
			{
				Name: "The optimiser",
				Often: []tool.Line{
					{"epochs", "go through the data so often (20)"},
					{"batch", "samples a step (10); 0 is all of them"},
					{"lr", "learning rate (0.001)"},
					{"opt", "adam, adamw, sgd or nesterov"},
					{"seed", "of all that is random; same seed, same bytes"},
				},
				Rest: "schedule warmup momentum weight-decay",
			},
			{
				Name: "Stopping and keeping",
				Often: []tool.Line{
					{"patience", "stop after so many epochs without progress"},
					{"checkpoint", "keep the state of training in a file"},
					{"resume", "go on from such a file"},
				},
				Rest: "every every-steps",
			},
			{
				Name: "Output",
				Often: []tool.Line{
					{"o", "the model"},
					{"log", "a line of JSON for each epoch"},
					{"dry-run", "print shapes, mask cells and memory, and do nothing"},
				},
				Rest: "quiet threads memory config print-config plot print-net",
			},
		},
		Values: map[string][]string{
			"net": net.Presets, "loss": loss.Names(), "opt": optim.Names(), "schedule": optim.ScheduleNames(),
			"normalise": {normaliseAuto, "data", "none"}, "augment": {"flip", "roll", "crop="},
		},
		Topics: []tool.Topic{
			{Name: "layers", About: "the layers that a network's text may have", Write: layers},
			{Name: "presets", About: "the networks that there are by name", Write: presets},
		},
	}
}

// layers lists the kinds of layers.
func layers(w io.Writer) error {
	var b strings.Builder
	b.WriteString("A network is text, a layer a line; # begins a comment. The first line is its input:\n\n" +
		"  input c=3 h=128 w=128     images; c=1 w=500 of sequences, c=1 d=48 h=48 w=48 of volumes\n\n" +
		"A kernel, stride, pad or dilation is one number for all axes, or one for each, such as 3x5.\nWhat stands in brackets need not be given.\n")
	for _, kind := range net.Kinds() {
		line, about := net.About(kind)
		fmt.Fprintf(&b, "\n  %s\n%s", line, tool.Wrapped(about, "      "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// presets lists the presets, by their text for images of one size.
func presets(w io.Writer) error {
	var b strings.Builder
	const side = 128
	fmt.Fprintf(&b, "Presets are for samples of any size and dimension, from four pixels a side on. For images of %d×%d and\nfour classes they are as follows; bdtrain --print-net --net NAME --shape H,W prints them for others.\n", side, side)
	for _, name := range net.Presets {
		n, err := net.Preset(name, net.Shape{C: 1, H: side, W: side}, 4)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n%s\n", name)
		for line := range strings.Lines(n.String()) {
			fmt.Fprintf(&b, "  %s", line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
