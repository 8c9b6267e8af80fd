package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/decimal"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/train"
)

// settings are the flags that decide what comes out; a model and a checkpoint hold them.
type settings struct {
	Net         string   `json:"net"`
	Epochs      int      `json:"epochs"`
	Batch       int      `json:"batch"`
	Seed        uint64   `json:"seed"`
	Classes     int      `json:"classes,omitempty"`
	Masks       []string `json:"mask,omitempty"`
	NoMasks     bool     `json:"no_masks,omitempty"`
	Loss        string   `json:"loss"`
	Positive    string   `json:"positive,omitempty"`
	PosWeight   float64  `json:"pos_weight,omitempty"`
	Temperature float64  `json:"temperature,omitempty"`
	Penalties   []string `json:"penalty,omitempty"`
	Attribute   string   `json:"attribute,omitempty"` // digest of its values
	Opt         string   `json:"opt"`
	LR          float64  `json:"lr"`
	Momentum    float64  `json:"momentum"`
	WeightDecay float64  `json:"weight_decay"`
	Schedule    string   `json:"schedule"`
	Warmup      float64  `json:"warmup,omitempty"`
	Augment     string   `json:"augment,omitempty"`
	Normalise   string   `json:"normalise"`
	ValFraction float64  `json:"val_fraction,omitempty"`
	ValEvery    int      `json:"val_every,omitempty"` // 0: 1
	Patience    int      `json:"patience,omitempty"`
}

// options are all flags.
type options struct {
	settings
	tool.Common

	data, Labels, Val, ValLabels string
	attribute                    string
	masks, penalties             cli.StringSlice
	log, plot                    string
	checkpoint, resume           string
	init                         string
	every, everySteps, size      int
	dryRun, printNet             bool

	netSet  bool
	own     *net.Network   // of the model that training begins with, in place of --net
	start   *models.Loaded // --init, if it has been read
	augment train.Augment
	optim   optim.Config
	loss    loss.Config
}

// maxBatch is more samples than a step can be wanted to have.
const maxBatch = 1 << 24

func defaults() *options {
	return &options{settings: settings{
		Net: "pooled", Epochs: 20, Batch: 10, Seed: 1, Loss: "xent", Opt: "adam", LR: 1e-3, Schedule: "const", Normalise: normaliseAuto,
	}}
}

// check looks at the flags before anything is read.
func (o *options) check(c *cli.Context) error {
	if err := o.Apply(); err != nil {
		return err
	}
	var err error
	if o.data, err = tool.Argument(c, "DATA"); err != nil {
		return err
	}
	o.Masks, o.netSet = o.masks.Value(), c.IsSet("net")
	if o.optim, err = optim.Default(o.Opt); err != nil {
		return tool.Usage(err)
	}
	if c.IsSet("momentum") {
		o.optim.Momentum = o.Momentum
	}
	if c.IsSet("weight-decay") {
		o.optim.WeightDecay = o.WeightDecay
	}
	o.optim.LR = o.LR
	o.Momentum, o.WeightDecay = o.optim.Momentum, o.optim.WeightDecay
	if o.augment, err = train.ParseAugment(o.Augment); err != nil {
		return tool.Usage(err)
	}
	if o.loss, err = o.lossConfig(c); err != nil {
		return tool.Usage(err)
	}
	if err := o.contradictions(c); err != nil {
		return tool.Usage(err)
	}
	if o.ValEvery == 1 {
		o.ValEvery = 0 // as without the flag
	}
	if err := o.checkNames(); err != nil {
		return err
	}
	return tool.Usage(o.config().Validate())
}

// checkNames looks at the files that the flags name. A checkpoint may take the place of the one resumed from, and a
// model that of the one it began with: these are read whole before anything is written.
func (o *options) checkNames() error {
	log, picture, checkpoint, model := tool.Name{Flag: "--log", File: o.log}, tool.Name{Flag: "--plot", File: o.plot}, tool.Name{Flag: "--checkpoint", File: o.checkpoint}, tool.Name{Flag: "-o", File: o.Output}
	start := []tool.Name{{Flag: "--init", File: o.init}, {Flag: "--resume", File: o.resume}}
	data := []tool.Name{{Flag: "DATA", File: o.data}, {Flag: "--val", File: o.Val}, {Flag: "--labels", File: o.Labels}, {Flag: "--val-labels", File: o.ValLabels}, {Flag: "--attribute", File: o.attribute}, {Flag: "--net", File: o.Net}}
	if err := tool.Files(append([]tool.Name{log, picture, checkpoint, {Flag: "--labels", File: o.Labels}, {Flag: "--val-labels", File: o.ValLabels}, {Flag: "--attribute", File: o.attribute}, {Flag: "--net", File: o.Net}}, start...)); err != nil {
		return err
	}
	if err := tool.Distinct([]tool.Name{log, picture, checkpoint, model}, data); err != nil {
		return err
	}
	if err := tool.Distinct([]tool.Name{log, picture}, start); err != nil || o.dryRun || o.printNet {
		return err
	}
	if err := tool.StreamName(checkpoint, ""); err != nil {
		return err
	}
	return tool.StreamName(model, "")
}

// lossConfig is what the flags say of the loss.
func (o *options) lossConfig(c *cli.Context) (loss.Config, error) {
	l := loss.Config{Name: o.Loss, PositiveWeight: o.PosWeight, Temperature: o.Temperature}
	o.Penalties = o.penalties.Value()
	for _, text := range o.Penalties {
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
	case c.IsSet("pos-weight") && o.PosWeight == 0:
		return l, fmt.Errorf("--pos-weight must be positive, got 0")
	case c.IsSet("temperature") && o.Temperature == 0:
		return l, fmt.Errorf("--temperature must be positive, got 0")
	case o.Positive != "" && !loss.Binary(l.Name):
		return l, fmt.Errorf("--positive is for losses of two classes, such as bce; --loss is %s", l.Name)
	case l.NeedsAttribute() && o.attribute == "":
		return l, fmt.Errorf("--penalty dcov needs --attribute")
	case o.attribute != "" && !l.NeedsAttribute():
		return l, fmt.Errorf("--attribute is for --penalty dcov")
	}
	return l, nil
}

// contradictions finds flags that cannot stand together.
func (o *options) contradictions(c *cli.Context) error {
	switch {
	case o.NoMasks && len(o.Masks) > 0:
		return fmt.Errorf("--no-masks and --mask contradict each other")
	case o.Val != "" && o.ValFraction != 0:
		return fmt.Errorf("--val and --val-fraction contradict each other")
	case !(o.ValFraction >= 0 && o.ValFraction < 1):
		return fmt.Errorf("--val-fraction must be at least 0 and less than 1, got %v", o.ValFraction)
	case o.ValLabels != "" && o.Val == "":
		return fmt.Errorf("--val-labels needs --val")
	case c.IsSet("val-every") && o.ValEvery < 1:
		return fmt.Errorf("--val-every must be positive, got %d", o.ValEvery)
	case o.ValEvery > 0 && o.Val == "" && o.ValFraction == 0:
		return fmt.Errorf("--val-every needs --val or --val-fraction")
	case o.ValEvery > 0 && o.ValEvery > o.Epochs:
		return fmt.Errorf("--val-every must be at most --epochs, which is %d, got %d", o.Epochs, o.ValEvery)
	case o.Patience > 0 && o.Val == "" && o.ValFraction == 0:
		return fmt.Errorf("--patience needs --val or --val-fraction")
	case o.Batch > maxBatch:
		return fmt.Errorf("--batch must be at most %d, got %d", maxBatch, o.Batch)
	case o.Classes < 0:
		return fmt.Errorf("--classes must be positive, got %d", o.Classes)
	case o.every < 1:
		return fmt.Errorf("--every must be positive, got %d", o.every)
	case o.everySteps < 0 || c.IsSet("every-steps") && o.everySteps == 0:
		return fmt.Errorf("--every-steps must be positive, got %d", o.everySteps)
	case o.everySteps > 0 && o.checkpoint == "":
		return fmt.Errorf("--every-steps needs --checkpoint")
	case o.size < 0:
		return fmt.Errorf("--size must be positive, got %d", o.size)
	case o.size > 0 && !o.dryRun && !o.printNet:
		return fmt.Errorf("--size stands in for data, with --dry-run or --print-net only")
	case o.Normalise != normaliseAuto && o.Normalise != normaliseData && o.Normalise != normaliseNone:
		return fmt.Errorf("--normalise must be auto, data or none, got %q", o.Normalise)
	case o.init != "" && o.resume != "":
		return fmt.Errorf("--init and --resume contradict each other")
	case tool.IsStdin(o.data) && o.Val == "-":
		return fmt.Errorf("DATA and --val cannot both be standard input")
	}
	return nil
}

// streams reports whether the samples can be taken as they come, without keeping any.
func (o *options) streams() bool {
	return o.Epochs == 1 && o.Batch > 0 && o.attribute == "" && o.ValFraction == 0 && o.Normalise != normaliseData && o.Schedule == "const" && o.Warmup == 0
}

func (o *options) config() train.Config {
	return train.Config{
		Epochs: o.Epochs, Batch: o.Batch, Seed: o.Seed, Loss: o.loss,
		Optim: o.optim, Schedule: o.Schedule, Warmup: o.Warmup, ValEvery: o.ValEvery, Patience: o.Patience,
		Augment: o.augment, Threads: o.Threads,
	}
}
