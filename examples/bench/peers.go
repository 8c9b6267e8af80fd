package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// folder has the programs that time other software; serve.py describes their protocol.
const folder = "examples/bench/peers/"

// torch, onnx, scipy and sklearn say whether these are installed, versions which versions they are, and findings what they
// computed.
var (
	torch, onnx, scipy, sklearn bool
	versions, findings          []string
)

// missing finds out what is installed, prints a line for each program that is not, and returns an error if all are
// required.
func missing() error {
	if !*peers {
		return nil
	}
	var lacks []string
	has := func(what, how string, command ...string) bool {
		if exec.Command(command[0], command[1:]...).Run() == nil {
			return true
		}
		lacks = append(lacks, what)
		log.Printf("no %s, so it is not timed: %s", what, how)
		return false
	}
	module := func(what, name, debian string) bool {
		return has(what, fmt.Sprintf("%s has no module %s (Debian: %s; -python names another)", *python, name, debian), *python, "-c", "import "+name)
	}
	torch = module("PyTorch", "torch", "python3-torch")
	scipy = module("SciPy", "scipy", "python3-scipy")
	sklearn = module("scikit-learn", "sklearn", "python3-sklearn")
	if absolute, err := filepath.Abs(*modules); err == nil {
		os.Setenv("NODE_PATH", absolute)
	}
	how := fmt.Sprintf("node finds no onnxruntime-node in %s; make onnxruntime installs it", *modules)
	if _, err := exec.LookPath("node"); err != nil {
		how = "there is no node on the PATH (Debian: nodejs, npm)"
	}
	onnx = has("ONNX Runtime", how, "node", "-e", "require('onnxruntime-node')")
	if onnx && !torch {
		onnx = false
		log.Print("without PyTorch there are no networks for ONNX Runtime, so it is not timed")
	}
	if len(lacks) > 0 && os.Getenv("BACKDROP_REQUIRE") != "" {
		return fmt.Errorf("BACKDROP_REQUIRE is set, and there is no %s", strings.Join(lacks, ", "))
	}
	return nil
}

// peer starts a program of the folder in Python or Node and returns it as a contender.
func peer(env []string, interpreter, program string, args ...any) (contender, func()) {
	words := []string{folder + program}
	for _, a := range args {
		words = append(words, fmt.Sprint(a))
	}
	cmd := exec.Command(interpreter, words...)
	cmd.Env = append(append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1"), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	check(err)
	out, err := cmd.StdoutPipe()
	check(err)
	check(cmd.Start())
	lines := bufio.NewReader(out)
	answer := func() string {
		text, err := lines.ReadString('\n')
		if err != nil {
			fail("%s: %v\n%s", strings.Join(words, " "), errors.Join(err, cmd.Wait()), &stderr)
		}
		return strings.TrimSpace(text)
	}
	name, finding, _ := strings.Cut(answer(), "; ")
	for v := range strings.SplitSeq(name, ", ") {
		if !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	if text := strings.Join(words, " ") + ": " + finding; finding != "" && !slices.Contains(findings, text) {
		findings = append(findings, text)
		log.Print(text)
	}
	times := func(seconds float64) (all []float64) {
		_, err := fmt.Fprintln(in, seconds)
		check(err)
		for _, word := range strings.Fields(answer()) {
			ms, err := strconv.ParseFloat(word, 64)
			check(err)
			all = append(all, ms)
		}
		return all
	}
	return times, func() {
		in.Close()
		_, err := io.Copy(io.Discard, lines)
		check(errors.Join(err, cmd.Wait()))
	}
}

// An allocator is a way for a C program to get its memory.
type allocator struct {
	name string
	env  []string
}

// asItComes is what the C library does by default.
var asItComes = []allocator{{name: "as it comes"}}

// kept returns allocators that keep the memory that a step frees for the next step, in large pages: the C library's with
// settings for that, and jemalloc if it is installed. By default the C library returns large arrays to the system and gets
// new pages, filled with zeros, for the next step.
func kept() []allocator {
	all := []allocator{{"memory kept by malloc", []string{"MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=100000000000", "MALLOC_TOP_PAD_=1000000000",
		"GLIBC_TUNABLES=glibc.malloc.hugetlb=1"}}}
	found, _ := filepath.Glob("/usr/lib/*/libjemalloc.so.2")
	for _, file := range found {
		all = append(all, allocator{"memory kept by jemalloc", []string{"LD_PRELOAD=" + file, "MALLOC_CONF=dirty_decay_ms:-1,muzzy_decay_ms:-1,thp:always"}})
	}
	return all
}
