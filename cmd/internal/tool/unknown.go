package tool

import (
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/xrash/smetrics"
)

// otherwise is what flags are called elsewhere: in PyTorch, timm, fastText, scikit-learn and LightGBM.
var otherwise = map[string]string{
	"learning-rate": "lr", "learning_rate": "lr", "eta": "lr",
	"batch-size": "batch", "bs": "batch", "b": "batch",
	"num-epochs": "epochs", "n-epochs": "epochs", "max-iter": "epochs",
	"optimizer": "opt", "optim": "opt", "wd": "weight-decay", "alpha": "weight-decay",
	"normalize": "normalise", "standardize": "standardise",
	"arch": "net", "network": "net", "model-name": "net",
	"random-state": "seed", "manual-seed": "seed",
	"workers": "threads", "n-jobs": "threads", "num-threads": "threads", "jobs": "threads", "j": "threads",
	"out": "output", "out-dir": "output", "silent": "quiet", "q": "quiet",
	"num-classes": "classes", "n-classes": "classes", "pretrained": "init", "initial-checkpoint": "init",
	"validation": "val", "valid": "val", "val-split": "val-fraction", "test-size": "val-fraction",
	"early-stopping": "patience", "criterion": "loss", "objective": "loss", "height": "size", "width": "size",
	"confidence": "ci", "alpha-level": "ci", "length-scale": "scales", "n-samples": "n", "num": "n", "count": "n",
}

// Nearest returns the flag that an unknown name was probably meant to be, "" if none is like it.
func Nearest(flags []cli.Flag, unknown string) string {
	const like = 0.85 // of the similarity of Jaro and Winkler, from 0 to 1 with its usual constants
	name, found, best := strings.ToLower(strings.Trim(unknown, "-")), "", like
	meant := otherwise[strings.ReplaceAll(name, "_", "-")]
	if meant == "" {
		meant = otherwise[name]
	}
	for _, f := range flags {
		for _, n := range f.Names() {
			if n == meant || n == name {
				return dashed(n)
			}
			if s := smetrics.JaroWinkler(n, name, 0.7, 4); len(n) > 1 && s > best {
				best, found = s, dashed(n)
			}
		}
	}
	return found
}
