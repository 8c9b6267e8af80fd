// Bench prints how long training steps take, how that compares with the processor's peak and, with -peers, with PyTorch
// on the same machine in the same minutes. Nothing else should run meanwhile.
//
//	go run ./examples/bench [-peers] [-threads N]
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"backdrop/lib/kernel"
	"backdrop/lib/loss"
	"backdrop/lib/mask"
	"backdrop/lib/nn"
	"backdrop/lib/optim"
)

// row is a line of the table.
type row struct {
	net     string
	size    int
	batch   int
	masks   bool
	forward bool
	peers   [][2]int // PyTorch's configurations: batch, channels last; the best counts
}

var rows = []row{
	{"crisp", 1024, 1, true, false, [][2]int{{1, 0}, {1, 1}, {4, 0}, {4, 1}}},
	{"crisp", 1024, 1, false, false, [][2]int{{1, 0}, {1, 1}, {4, 0}, {4, 1}}},
	{"crisp", 1024, 1, false, true, [][2]int{{1, 0}, {1, 1}, {4, 0}, {4, 1}}},
	{"overlap", 1024, 1, true, false, [][2]int{{1, 0}, {1, 1}, {4, 0}, {4, 1}}},
	{"pooled", 128, 10, true, false, [][2]int{{10, 0}, {10, 1}}},
}

func (r row) String() string {
	what := "training step"
	if r.forward {
		what = "forward"
	}
	masks := "no masks"
	if r.masks {
		masks = map[string]string{"crisp": "masks 0.3, 0.95", "overlap": "masks 0.85, 0.95", "pooled": "fine 0.95 on NHW"}[r.net]
	}
	if r.forward {
		masks = "evaluation"
	}
	return fmt.Sprintf("%s %d² batch %d, %s, %s", r.net, r.size, r.batch, masks, what)
}

func main() {
	log.SetFlags(0)
	peers := flag.Bool("peers", false, "time PyTorch beside it")
	threads := flag.Int("threads", runtime.NumCPU(), "threads")
	python := flag.String("python", "/usr/bin/python3", "a Python with PyTorch")
	flag.Parse()
	limit := peak(*threads)
	fmt.Printf("peak of the kernel on operands in cache, %d threads: %.0f GFLOP/s\n\n", *threads, limit)
	head := "| work | ms/image | GFLOP/s | of peak |"
	line := "|---|---|---|---|"
	if *peers {
		head += " PyTorch ms/image (best of) | times faster |"
		line += "---|---|"
	}
	fmt.Println(head + "\n" + line)
	for _, r := range rows {
		b := newBench(r, *threads)
		ms := median(b.run)
		forward, backward := b.runner.Flops()
		if r.forward {
			backward = 0
		}
		rate := (forward + backward) / 1e6 / (ms * float64(r.batch))
		fmt.Printf("| %v | %.2f | %.0f | %.0f %% |", r, ms, rate, 100*rate/limit)
		if *peers {
			all := r.torch(*python, *threads)
			fmt.Printf(" %.1f (%s) | %.1f |", slices.Min(all), join(all), slices.Min(all)/ms)
		}
		fmt.Println()
	}
	fmt.Print("\nbackward pass of crisp 1024² by the share of the area where the gradient survives\n\n| share | ms | of dense |\n|---|---|---|\n")
	areas(*threads)
	fmt.Print("\nstep over 2,000 images of 28² with a mask on the sample axis, by the share of samples that it keeps\n\n| share | ms | of all |\n|---|---|---|\n")
	sampleAxis(*threads)
	if *threads > 1 {
		one, all := median(newBench(rows[0], 1).run), median(newBench(rows[0], *threads).run)
		fmt.Printf("\n%v: %.2f ms with 1 thread, %.2f ms with %d: %.2f times faster\n", rows[0], one, all, *threads, one/all)
	}
}

// bench is a network with a batch of noise.
type bench struct {
	row
	runner *nn.Runner
	loss   loss.Loss
	optim  *optim.Optimizer
	w      *nn.Weights
	x      [][]float32
	labels []int
	grads  [][]float32
	step   uint64
}

func newBench(r row, threads int) *bench {
	n, err := nn.Preset(r.net, nn.Shape{C: 1, H: r.size, W: r.size}, 4)
	check(err)
	if !r.masks {
		for _, i := range n.Backdrops() {
			n.Layers[i].P = 0
		}
	}
	return benchOf(r, n, loss.Config{Name: "xent"}, threads)
}

// benchOf is the bench of a network that is at hand.
func benchOf(r row, n *nn.Network, l loss.Config, threads int) *bench {
	b := &bench{row: r}
	classes, err := n.Classes()
	check(err)
	b.w, err = nn.NewWeights(n)
	check(err)
	b.w.Init(1)
	b.runner, err = nn.NewRunner(n, b.w, threads)
	check(err)
	b.loss, err = loss.New(l, classes)
	check(err)
	config, err := optim.Default("sgd")
	check(err)
	config.Momentum = 0.9
	var sizes []int
	for _, p := range b.w.Params {
		sizes = append(sizes, len(p.Data))
	}
	b.optim, err = optim.New(config, sizes)
	check(err)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range r.batch {
		x := make([]float32, n.Input.Len())
		for j := range x {
			x[j] = float32(rnd.NormFloat64())
		}
		b.x, b.labels, b.grads = append(b.x, x), append(b.labels, i%max(classes, 2)), append(b.grads, make([]float32, classes))
	}
	return b
}

// run takes a whole training step, or evaluates, and returns milliseconds an image.
func (b *bench) run() float64 {
	start := time.Now()
	if b.forward {
		b.runner.Forward(b.x, nil)
	} else {
		scores := b.runner.Forward(b.x, b.runner.DrawMasks(1, b.step, len(b.x)))
		_, err := b.loss.Grad(loss.Batch{Scores: scores, Labels: b.labels}, b.grads)
		check(err)
		b.w.ZeroGrad()
		b.runner.Backward(b.grads, nil)
		var params, grads [][]float32
		for _, p := range b.w.Params {
			params, grads = append(params, p.Data), append(grads, p.Grad)
		}
		b.optim.Step(params, grads, 1e-4)
		b.step++
	}
	return time.Since(start).Seconds() * 1e3 / float64(len(b.x))
}

// once takes one run of each for its median: to see whether it works at all.
var once = flag.Bool("once", false, "time each once, to see whether it works")

// median runs f for two seconds, at least 15 times, and returns the median of what it returns.
func median(f func() float64) float64 {
	if *once {
		return f()
	}
	f()
	var all []float64
	for start := time.Now(); len(all) < 15 || time.Since(start) < 2*time.Second; {
		all = append(all, f())
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// areas prints the time of the backward pass alone for masks that keep a share of the image: some of the 4×4 coarse
// cells, and for 1/64 a quarter of one.
func areas(threads int) {
	b := newBench(row{net: "crisp", size: 1024, batch: 1, masks: true}, threads)
	n, err := nn.Preset("crisp", nn.Shape{C: 1, H: 1024, W: 1024}, 4)
	check(err)
	at := n.Backdrops()
	dense := 0.0
	for _, share := range []struct {
		name         string
		coarse, side int // coarse cells, and the side of the block of fine cells in each
	}{{"1", 16, 8}, {"1/2", 8, 8}, {"1/4", 4, 8}, {"1/16", 1, 8}, {"1/64", 1, 4}} {
		coarse, fine := make([]bool, 16), make([]bool, 32*32)
		for i := range coarse {
			coarse[i] = i < share.coarse
		}
		for i := range fine {
			fine[i] = i/32%8 < share.side && i%8 < share.side
		}
		axes := mask.H | mask.W
		masks := nn.Masks{
			at[0]: mask.New(axes, [4]int{1, 64, 32, 32}, fine),
			at[1]: mask.New(axes, [4]int{1, 64, 4, 4}, coarse),
		}
		ms := median(func() float64 {
			b.runner.Forward(b.x, masks)
			start := time.Now()
			b.runner.Backward([][]float32{{0.1, -0.1, 0.2, -0.2}}, nil)
			return time.Since(start).Seconds() * 1e3
		})
		if dense == 0 {
			dense = ms
		}
		fmt.Printf("| %s | %.2f | %.1f %% |\n", share.name, ms, 100*ms/dense)
	}
}

// sampleAxis prints the time of steps over many samples of which a mask keeps a share. Which ones it keeps changes with
// the step, how many hardly does.
func sampleAxis(threads int) {
	text, err := os.ReadFile("examples/mnist/net.txt")
	check(err)
	n, err := nn.Parse(string(text))
	check(err)
	all := 0.0
	for _, share := range []float64{1, 1.0 / 4, 1.0 / 16} {
		n.Layers[n.Backdrops()[0]].P = 1 - share
		b := benchOf(row{batch: 2000}, n, loss.Config{Name: "auc-sqhinge"}, threads)
		ms := median(b.run) * 2000
		if all == 0 {
			all = ms
		}
		fmt.Printf("| %g | %.1f | %.0f %% |\n", share, ms, 100*ms/all)
	}
}

// peak measures the kernel on operands that stay in first-level cache.
func peak(threads int) float64 {
	const terms, panels, runs = 128, 4, 20000 // 32 KiB of B
	best := 0.0
	for range 40 {
		start := time.Now()
		var all sync.WaitGroup
		for range threads {
			all.Go(func() {
				t := kernel.Tile{A: make([]float32, terms), B: make([]float32, terms*panels*kernel.Columns), Panel: terms * kernel.Columns,
					C: make([]float32, panels*kernel.Columns), Panels: panels, Scale: 1}
				for k := range terms {
					t.Terms = append(t.Terms, kernel.Term{A: int32(k), B: int32(k * kernel.Columns)})
				}
				for range runs {
					t.Run()
				}
			})
		}
		all.Wait()
		flops := 2 * float64(terms*panels*runs*threads*kernel.Rows*kernel.Columns)
		best = max(best, flops/1e9/time.Since(start).Seconds())
	}
	return best
}

// torch times the row in PyTorch, in each configuration.
func (r row) torch(python string, threads int) []float64 {
	var all []float64
	flag := map[bool]string{true: "1", false: "0"}
	for _, c := range r.peers {
		cmd := exec.Command(python, "examples/bench/torch_step.py", r.net, strconv.Itoa(r.size), strconv.Itoa(c[0]), flag[r.masks], flag[r.forward], strconv.Itoa(c[1]), strconv.Itoa(threads))
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			log.Fatalf("bench: PyTorch: %v\n%s(Debian: python3-torch; -python names another Python)", err, &stderr)
		}
		ms, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		check(err)
		all = append(all, ms)
	}
	return all
}

func join(all []float64) string {
	var words []string
	for _, v := range all {
		words = append(words, strconv.Itoa(int(math.Round(v))))
	}
	return strings.Join(words, ", ")
}

func check(err error) {
	if err != nil {
		log.Fatal("bench: ", err)
	}
}
