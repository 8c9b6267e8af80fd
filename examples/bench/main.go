// Bench prints the tables of the README: how long training steps, evaluation, fields and metrics take. It compares them with
// the processor's peak and, with -peers, with what a user might take instead, on the same machine in the same minutes:
// PyTorch as installed and with an allocator that keeps memory, ONNX Runtime, NumPy and scikit-learn. The machine should be
// idle otherwise.
//
//	go run ./examples/bench [-peers] [-threads N] [-only REGEXP]
//
// Run it in the repository after make build. With -only it times the rows whose first cell matches, such as
// -only 'residual|volumes'. It says on standard error which way was the fastest and which programs are missing; with
// BACKDROP_REQUIRE set, a missing program is an error.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
)

var (
	peers   = flag.Bool("peers", false, "also time PyTorch, ONNX Runtime, NumPy and scikit-learn")
	threads = flag.Int("threads", runtime.NumCPU(), "threads, of all that is timed")
	python  = flag.String("python", "/usr/bin/python3", "a Python with PyTorch, SciPy and scikit-learn")
	modules = flag.String("modules", "out/peers/node_modules", "the folder of Node modules with onnxruntime-node")
	tools   = flag.String("tools", "bin", "the folder of gpgen, bdtrain and bdeval")
	only    = pattern("only", "time only the rows whose first cell matches this regular expression")
	once    = flag.Bool("once", false, "small sizes, each timed once: to see whether it works at all")
)

// pattern is a flag that is a regular expression.
func pattern(name, usage string) *regexp.Regexp {
	p := new(regexp.Regexp)
	flag.TextVar(p, name, regexp.MustCompile(""), usage)
	return p
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	flag.Parse()
	check(missing())
	dir, err := os.MkdirTemp("", "bench-")
	check(err)
	scratch = dir
	defer os.RemoveAll(dir)
	memory := measureMemory(dir) // first, because a process starts with the peak memory of its parent
	limit := peak(*threads)
	announce = sync.OnceFunc(func() {
		if *once {
			fmt.Print("Small sizes, each timed once: these are no measurements.\n\n")
		}
		fmt.Printf("On %s, %d threads, %s. The kernel's peak, on operands in cache, is %.0f GFLOP/s.\n\n",
			processor(), *threads, time.Now().Format("2 January 2006"), limit)
	})
	printed := networkTable(dir, limit)
	if printed {
		fmt.Println()
	}
	if *peers {
		printed = arrayTable(dir) || printed
		if len(versions) > 0 {
			fmt.Printf("\nThe others are %s.\n\n", strings.Join(versions, ", "))
		}
	}
	if !ownTable(memory) && !printed {
		fail("no row matches %s", only)
	}
}

// processor returns the name that the system has for the processor.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// scratch is the folder of temporary files once it has been made.
var scratch string

// fail ends the program.
func fail(format string, args ...any) {
	os.RemoveAll(scratch)
	log.Fatalf(format, args...)
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}
