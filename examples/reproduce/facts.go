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

// addFacts says with what the study was made and how long it took.
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

// toolVersion is that of the tool that trained the run.
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

// processor is the name of this computer's, as Linux has it.
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
