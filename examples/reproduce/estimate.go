package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// missing is how many runs of an arm are to be made: all without a model, or with one by another command.
func (p *plan) missing(a arm) (n int) {
	for _, seed := range p.seeds {
		model := p.dir + "/" + a.name + "-" + seed + ".model.tar.zst"
		made, err := os.ReadFile(model + ".cmd")
		if _, none := os.Stat(model); err != nil || none != nil || string(made) != p.commands[model]+"\n" {
			n++
		}
	}
	return n
}

// estimate says how long the runs that are missing take. timed trains an arm for a number of epochs of two batches. The
// difference of four and one is what epochs take, the rest what a run needs besides.
func (p *plan) estimate(jobs int, timed func(a arm, epochs int) (time.Duration, error)) (string, error) {
	runs, total := 0, time.Duration(0)
	for _, a := range p.arms {
		missing := p.missing(a)
		if missing == 0 {
			continue
		}
		one, err := timed(a, 1)
		if err != nil {
			return "", err
		}
		four, err := timed(a, 4)
		if err != nil {
			return "", err
		}
		epoch := (four - one) / 3
		epochs := time.Duration(p.numbers["EPOCHS"]) * epoch * time.Duration(p.numbers["TRAIN"]) / time.Duration(2*p.numbers["BATCH"])
		runs += missing
		total += time.Duration(missing) * (one - epoch + epochs) / time.Duration(jobs)
	}
	switch {
	case runs == 0:
		return "All runs are there.", nil
	case total < time.Minute:
		return fmt.Sprintf("Less than a minute for %d runs on %d threads.", runs, jobs), nil
	}
	return fmt.Sprintf("About %d min for %d runs on %d threads.", (total+time.Minute-1)/time.Minute, runs, jobs), nil
}

// printEstimate times trainings as long as those that estimate asks for.
func printEstimate() error {
	v := &variables{}
	jobs := v.count("JOBS", runtime.NumCPU())
	p, _ := plans(v)
	if v.err != nil || p.numbers["EPOCHS"] == 0 { // of auc there is no estimate
		return v.err
	}
	work, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	tool := func(name, flags string) error {
		c := exec.Command("bin/"+name, strings.Fields(flags)...)
		c.Stderr = os.Stderr
		return c.Run()
	}
	// Each epoch validates on the share of samples that falls to it.
	n, steps := 2*p.numbers["BATCH"], p.numbers["TRAIN"]*p.numbers["EVERY"]
	validated := (n*p.numbers["CURVE"] + steps - 1) / steps
	train, val := filepath.Join(work, "train.tar.zst"), filepath.Join(work, "val.tar.zst")
	for name, n := range map[string]int{train: n, val: validated} {
		if err := tool("gpgen", p.fill("-n {N} "+field+" -o {FILE}", "N", fmt.Sprint(n), "FILE", name)); err != nil {
			return fmt.Errorf("bin/gpgen: %w", err)
		}
	}
	text, err := p.estimate(jobs, func(a arm, epochs int) (time.Duration, error) {
		start := time.Now()
		err := tool("bdtrain", p.fill("{TRAINSET} --val {VALSET} {FLAGS} --batch {BATCH} --epochs {N} --threads 1 --quiet -o {FILE}",
			"TRAINSET", train, "VALSET", val, "FLAGS", p.flagsOf(a), "N", fmt.Sprint(epochs), "FILE", filepath.Join(work, "model.tar.zst")))
		if err != nil {
			err = fmt.Errorf("bin/bdtrain, arm %s: %w", a.name, err)
		}
		return time.Since(start), err
	})
	if err == nil {
		fmt.Println(text)
	}
	return err
}
