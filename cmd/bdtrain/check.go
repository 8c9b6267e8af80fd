package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// checkNames looks at the files that the flags name. A checkpoint may take the place of the one resumed from, and a
// model that of the one it began with: these are read whole before anything is written.
func (p *config) checkNames() error {
	log, picture, checkpoint, model := tool.Name{Flag: "--log", File: p.log}, tool.Name{Flag: "--plot", File: p.plot}, tool.Name{Flag: "--checkpoint", File: p.checkpoint}, tool.Name{Flag: "-o", File: p.Output}
	start := []tool.Name{{Flag: "--init", File: p.init}, {Flag: "--resume", File: p.resume}}
	data := []tool.Name{{Flag: "DATA", File: p.data}, {Flag: "--val", File: p.val}, {Flag: "--labels", File: p.labels}, {Flag: "--val-labels", File: p.valLabels}, {Flag: "--attribute", File: p.attribute}, {Flag: "--groups", File: p.groups}, {Flag: "--config", File: p.config}, {Flag: "--net", File: p.Net}}
	if err := tool.Files(append([]tool.Name{log, picture, checkpoint, {Flag: "--labels", File: p.labels}, {Flag: "--val-labels", File: p.valLabels}, {Flag: "--attribute", File: p.attribute}, {Flag: "--groups", File: p.groups}, {Flag: "--config", File: p.config}, {Flag: "--net", File: p.Net}}, start...)); err != nil {
		return err
	}
	if err := tool.Distinct([]tool.Name{log, picture, checkpoint, model}, data); err != nil {
		return err
	}
	if err := tool.Distinct([]tool.Name{log, picture}, start); err != nil || p.dryRun || p.printNet || p.printConfig {
		return err
	}
	if err := tool.PictureName(picture, ""); err != nil {
		return err
	}
	if err := tool.StreamName(checkpoint, ""); err != nil {
		return err
	}
	try := ""
	for _, f := range exportFormats {
		if strings.EqualFold(filepath.Ext(p.Output), "."+f.name) {
			try = "; bdtrain export makes " + f.what + " of that"
		}
	}
	return tool.StreamName(model, try)
}

// contradictions finds flags that cannot stand together.
func (p *config) contradictions(c *cli.Context) error {
	switch {
	case p.NoMasks && len(p.Masks) > 0:
		return fmt.Errorf("--no-masks and --mask contradict each other")
	case p.val != "" && p.ValFraction != 0:
		return fmt.Errorf("--val and --val-fraction contradict each other")
	case !(p.ValFraction >= 0 && p.ValFraction < 1):
		return fmt.Errorf("--val-fraction must be at least 0 and less than 1, got %v", p.ValFraction)
	case p.Fold != "" && p.val != "":
		return fmt.Errorf("--fold and --val contradict each other: a fold is validated on")
	case p.Fold != "" && p.ValFraction != 0:
		return fmt.Errorf("--fold and --val-fraction contradict each other: a fold is validated on")
	case p.groups != "" && !p.splits():
		return fmt.Errorf("--groups needs --fold or --val-fraction")
	case p.valLabels != "" && p.val == "":
		return fmt.Errorf("--val-labels needs --val")
	case (p.valX != "" || p.valY != "") && p.val == "":
		return fmt.Errorf("--val-x and --val-y need --val")
	case c.IsSet("val-every") && p.ValEvery < 1:
		return fmt.Errorf("--val-every must be positive, got %d", p.ValEvery)
	case p.ValEvery > 0 && !p.validates():
		return fmt.Errorf("--val-every needs --val, --val-fraction or --fold")
	case p.ValEvery > 0 && p.ValEvery > p.Epochs:
		return fmt.Errorf("--val-every must be at most --epochs, which is %d, got %d", p.Epochs, p.ValEvery)
	case p.Epochs == 0 && p.idle() != "":
		return fmt.Errorf("--epochs 0 takes no step, so %s has nothing to do", p.idle())
	case p.Patience > 0 && !p.validates():
		return fmt.Errorf("--patience needs --val, --val-fraction or --fold")
	case p.Batch > maxBatch:
		return fmt.Errorf("--batch must be at most %d, got %d", maxBatch, p.Batch)
	case p.Classes < 0:
		return fmt.Errorf("--classes must be positive, got %d", p.Classes)
	case p.every < 1:
		return fmt.Errorf("--every must be positive, got %d", p.every)
	case p.everySteps < 0 || c.IsSet("every-steps") && p.everySteps == 0:
		return fmt.Errorf("--every-steps must be positive, got %d", p.everySteps)
	case p.everySteps > 0 && p.checkpoint == "":
		return fmt.Errorf("--every-steps needs --checkpoint")
	case c.IsSet("size") && p.size < 1:
		return fmt.Errorf("--size must be positive, got %d", p.size)
	case p.size > 0 && !p.dryRun && !p.printNet:
		return fmt.Errorf("--size stands in for data, with --dry-run or --print-net only")
	case p.shape != "" && p.size > 0:
		return fmt.Errorf("--size and --shape exclude each other")
	case p.size > 0 && c.IsSet("axes"):
		return fmt.Errorf("--size is the side of square images; --axes goes with DATA or --shape")
	case p.shape != "" && !p.dryRun && !p.printNet:
		return fmt.Errorf("--shape stands in for data, with --dry-run or --print-net only")
	case p.Normalise != normaliseAuto && p.Normalise != normaliseData && p.Normalise != normaliseNone:
		return fmt.Errorf("--normalise must be auto, data or none, got %q", p.Normalise)
	case p.printConfig && (p.dryRun || p.printNet):
		return fmt.Errorf("--print-config prints a configuration, and nothing else: leave out --dry-run and --print-net")
	case p.init != "" && p.resume != "":
		return fmt.Errorf("--init and --resume contradict each other")
	case tool.IsStdin(p.data) && p.val == "-":
		return fmt.Errorf("DATA and --val cannot both be standard input")
	}
	return nil
}

// idle is the first flag that is given and has nothing to do without a step; "" if there is none.
func (p *config) idle() string {
	for _, f := range []struct {
		name  string
		given bool
	}{{"--checkpoint", p.checkpoint != ""}, {"--resume", p.resume != ""}, {"--log", p.log != ""}, {"--plot", p.plot != ""}, {"--patience", p.Patience > 0}, {"--dry-run", p.dryRun}} {
		if f.given {
			return f.name
		}
	}
	return ""
}
