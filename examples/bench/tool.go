package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// taken is the time and memory that a process took.
type taken struct {
	ms float64
	mb float64 // peak resident memory; NaN if the system does not report it
}

// tool runs one of our tools with the number of threads that all contenders have, and discards its standard output.
func tool(name string, args ...string) taken {
	return run(filepath.Join(*tools, name), append(args, "--quiet", "--threads", strconv.Itoa(*threads))...)
}

// run runs a program that must succeed.
func run(name string, args ...string) taken {
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		fail("%s %s: %v\n%s", name, strings.Join(args, " "), err, &stderr)
	}
	return taken{time.Since(start).Seconds() * 1e3, resident(cmd.ProcessState)}
}

// memories are the megabytes that some jobs take.
type memories struct{ train, field, auc float64 }

// measureMemory runs those of these jobs whose rows are chosen, and leaves their data in dir.
func measureMemory(dir string) (m memories) {
	size := "1024"
	if *once {
		size = "256"
	}
	if chosen(trainMemory) {
		x, y := filepath.Join(dir, "x.npy"), filepath.Join(dir, "y.npy")
		tool("gpgen", "-n", "8", "--size", size, "--format", "npy", "--labels", y, "-o", x, "--scales", "2,3:20,30")
		m.train = tool("bdtrain", x, "--labels", y, "--net", "crisp", "--batch", "1", "--epochs", "2", "-o", filepath.Join(dir, "model.tar.zst")).mb
	}
	if chosen(oneField) {
		m.field = largeField().mb
	}
	if chosen(aucTime, aucMemory) {
		makeScores(dir)
	}
	if chosen(aucMemory) {
		m.auc = tool("bdeval", aucOf(dir)...).mb
	}
	return m
}

// largeField draws one field of 8192².
func largeField() taken {
	size := "8192"
	if *once {
		size = "512"
	}
	return tool("gpgen", "-n", "1", "--size", size, "--scales", "10", "--power", "1", "--format", "npy")
}
