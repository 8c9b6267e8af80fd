package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/data"
	"backdrop/lib/decimal"
	"backdrop/lib/dims"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/run"
	"backdrop/lib/train"
)

// config is what the flags ask for, checked. Nothing changes it.
type config struct {
	tool.Common
	run.Settings // those of the flags: what data and models add is not in them

	session

	data   string         // argument
	netSet bool           // --net is given
	input  net.Shape      // --size or --shape; the zero Shape if neither is given
	train  train.Config   // the run, without normalisation, which the data may decide
	layout dataset.Layout // --axes; "" if the data say it

	fold    run.Fold      // --fold
	weights []classWeight // --class-weights, unless it is balanced
	given   *given        // what --config says; nil without it
	own     *ownNetwork   // that of a model that --config names; nil if --net or a preset takes its place
	resize  dims.Sides    // --resize; none if it is not given
}

// What --normalise can be.
const (
	normaliseAuto = "auto"
	normaliseData = "data"
	normaliseNone = "none"
)

// maxBatch is more samples than a step can be wanted to have.
const maxBatch = 1 << 24

// parse looks at the flags and the argument before anything is read.
func (f *flags) parse(c *cli.Context) (*config, error) {
	if err := f.Apply(); err != nil {
		return nil, err
	}
	layout, err := tool.Axes(f.axes)
	if err != nil {
		return nil, err
	}
	name, err := tool.Argument(c, "DATA")
	if err != nil {
		return nil, err
	}
	p := &config{layout: layout, Common: f.Common, Settings: f.Settings, session: f.session, data: name, netSet: c.IsSet("net")}
	p.Masks, p.Penalties = f.masks.Value(), f.penalties.Value()
	o, err := p.optimiser(c)
	if err != nil {
		return nil, tool.Usage(err)
	}
	p.Momentum, p.WeightDecay = o.Momentum, o.WeightDecay
	augment, err := data.ParseAugment(p.Augment)
	if err != nil {
		return nil, tool.Usage(err)
	}
	if p.weights, err = parseClassWeights(p.Weights); err != nil {
		return nil, tool.Usage(err)
	}
	if p.Fold != "" {
		if p.fold, err = run.ParseFold(p.Fold); err != nil {
			return nil, tool.Usagef("--fold: %w", err)
		}
		p.Fold = p.fold.String()
	}
	l, err := p.loss(c)
	if err != nil {
		return nil, tool.Usage(err)
	}
	if err := p.contradictions(c); err != nil {
		return nil, tool.Usage(err)
	}
	switch {
	case p.size > 0:
		p.input = net.Shape{C: 1, H: p.size, W: p.size}
	case p.shape != "":
		if p.input, err = models.ParseShape(p.shape, layout); err != nil {
			return nil, tool.Usage(err)
		}
	}
	if p.resize, err = p.parseResize(); err != nil {
		return nil, tool.Usage(err)
	}
	if p.ValEvery == 1 {
		p.ValEvery = 0 // as without the flag
	}
	if err := p.checkNames(); err != nil {
		return nil, err
	}
	p.train = train.Config{
		Epochs: p.Epochs, Batch: p.Batch, Seed: p.Seed, Loss: l,
		Optim: o, Schedule: p.Schedule, Warmup: p.Warmup, ValEvery: p.ValEvery, Patience: p.Patience,
		Augment: augment, Threads: p.Threads,
	}
	return p, tool.Usage(p.train.Validate())
}

// parseResize reads --resize. What stands in for data is resized, too.
func (p *config) parseResize() (dims.Sides, error) {
	if p.Resize == "" {
		return dims.Sides{}, nil
	}
	sides, ok := dims.ParseSides(p.Resize)
	if !ok {
		return sides, fmt.Errorf("--resize %q is neither a positive number of pixels, such as 128, nor one for each axis, such as 96x128", p.Resize)
	}
	p.Resize = sides.String()
	if p.input == (net.Shape{}) {
		return sides, nil
	}
	n := p.input.Dimensions()
	if !sides.Fit(n) {
		return sides, fmt.Errorf("--resize %s has %d sizes, but the samples are %v", p.Resize, sides.Numbers(), p.input)
	}
	p.input = models.SampleShape(append([]int{p.input.C}, sides.Along(n)...))
	return sides, nil
}

// optimiser is what the flags say of it.
func (p *config) optimiser(c *cli.Context) (optim.Config, error) {
	o, err := optim.Default(p.Opt)
	if c.IsSet("momentum") {
		o.Momentum = p.Momentum
	}
	if c.IsSet("weight-decay") {
		o.WeightDecay = p.WeightDecay
	}
	o.LR = p.LR
	return o, err
}

// loss is what the flags say of it.
func (p *config) loss(c *cli.Context) (loss.Config, error) {
	l := loss.Config{Name: p.Loss, PositiveWeight: p.PosWeight, Temperature: p.Temperature}
	for _, text := range p.Penalties {
		name, value, ok := strings.Cut(text, "=")
		weight, err := decimal.Float(value)
		if !ok || err != nil {
			return l, fmt.Errorf("--penalty %q is not of the form NAME=WEIGHT, such as mmd=0.1", text)
		}
		l.Penalties = append(l.Penalties, loss.Penalty{Name: name, Weight: weight})
	}
	if err := l.Validate(); err != nil {
		return l, err
	}
	switch {
	case c.IsSet("pos-weight") && p.PosWeight == 0:
		return l, fmt.Errorf("--pos-weight must be positive, got 0")
	case c.IsSet("temperature") && p.Temperature == 0:
		return l, fmt.Errorf("--temperature must be positive, got 0")
	case p.Weights != "" && !slices.Contains(loss.WithClassWeights(), l.Name):
		return l, fmt.Errorf("--class-weights is for --loss %s; of two classes, --loss %s takes --pos-weight W: a positive sample counts W times",
			strings.Join(loss.WithClassWeights(), " and "), strings.Join(loss.WithPositiveWeight(), " or "))
	case p.Positive != "" && !loss.Binary(l.Name):
		return l, fmt.Errorf("--positive is for losses of two classes, such as bce; --loss is %s", l.Name)
	case l.NeedsAttribute() && p.attribute == "":
		return l, fmt.Errorf("--penalty dcov needs --attribute")
	case p.attribute != "" && !l.NeedsAttribute():
		return l, fmt.Errorf("--attribute is for --penalty dcov")
	}
	return l, nil
}

// readsOnce reports whether the samples can be taken as they come, without keeping any.
func (p *config) readsOnce() bool {
	return p.Epochs == 1 && p.Batch > 0 && p.attribute == "" && !p.splits() && p.Weights != balanced && p.Normalise != normaliseData && p.Schedule == "const" && p.Warmup == 0
}

// measures reports whether the scale of the training data decides what samples go through first.
func (p *config) measures() bool {
	return p.Normalise == normaliseData || p.Normalise == normaliseAuto && p.init == ""
}
