package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// missing counts the runs that are to be made, by their flags of bdtrain: without a model, or with one by another command.
func (p *plan) missing() map[string]int {
	runs := map[string]int{}
	for _, f := range p.files {
		command, err := os.ReadFile(f.name + ".cmd")
		if _, gone := os.Stat(f.name); f.flags != "" && (err != nil || gone != nil || string(command) != f.command+"\n") {
			runs[f.flags]++
		}
	}
	return runs
}

// timed is how long bdtrain takes with these flags for some epochs of two batches, with the validation that falls to them.
func (p *plan) timed(flags string, epochs int) (time.Duration, error) {
	n, steps := 2*p.numbers["BATCH"], p.numbers["TRAIN"]*p.numbers["EVERY"]
	c := exec.Command("bash", "-o", "pipefail", "-c", p.fill(
		"bin/gpgen -n {N} "+field+" | bin/bdtrain {FLAGS} --val <(bin/gpgen -n {V} "+field+") --batch {BATCH} --epochs {E} --threads 1 --quiet > /dev/null",
		"FLAGS", flags, "N", fmt.Sprint(n), "V", fmt.Sprint((n*p.numbers["CURVE"]+steps-1)/steps), "E", fmt.Sprint(epochs)))
	c.Stderr = os.Stderr
	start := time.Now()
	err := c.Run()
	return time.Since(start), err
}

// estimate says how long the missing runs take on a number of threads. The difference of four epochs and one is what
// epochs take, the rest what a run needs besides.
func (p *plan) estimate(jobs int, timed func(flags string, epochs int) (time.Duration, error)) (string, error) {
	runs, total := 0, time.Duration(0)
	for flags, missing := range p.missing() {
		one, err := timed(flags, 1)
		if err != nil {
			return "", err
		}
		four, err := timed(flags, 4)
		if err != nil {
			return "", err
		}
		epoch := (four - one) / 3
		epochs := epoch * time.Duration(p.numbers["EPOCHS"]*p.numbers["TRAIN"]) / time.Duration(2*p.numbers["BATCH"])
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

// printEstimate prints the estimate of the chosen study, if it has epochs of its own.
func printEstimate() error {
	s, out := chosen()
	p, _ := s.plans(out, "")
	if p.numbers["EPOCHS"] == 0 {
		return nil
	}
	text, err := p.estimate(count("JOBS", runtime.NumCPU()), p.timed)
	if err == nil {
		fmt.Println(text)
	}
	return err
}
