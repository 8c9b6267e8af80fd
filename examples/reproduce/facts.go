package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"

	"backdrop/formats/model"
	"backdrop/formats/stream"
)

// addFacts adds the versions of the tools, the computer, and how long training took.
func (r *report) addFacts(runs []*run) error {
	version, err := toolVersion(madeHere(runs)[0])
	if err != nil {
		return err
	}
	all := 0.0
	for _, run := range runs {
		all += run.figures[seconds]
	}
	r.Facts = append(r.Facts,
		fact{"training of all runs", fmt.Sprintf("%.0f s, %d runs", all, len(runs))},
		fact{"tools", fmt.Sprintf("backdrop %s, %s, %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)},
		fact{"computer", fmt.Sprintf("%s, %d threads", processor(), runtime.NumCPU())},
	)
	return nil
}

// toolVersion returns the version of the tool that trained the run.
func toolVersion(r *run) (string, error) {
	f, err := os.Open(r.name + ".model.tar.zst")
	if err != nil {
		return "", err
	}
	defer f.Close()
	m, err := model.Read(f, stream.Limits{})
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", f.Name(), err)
	}
	return m.Version, nil
}

// processor returns the name that Linux has for the processor.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
