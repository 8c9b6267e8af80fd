package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"backdrop/lib/net"
)

// work is a row of the table of networks.
type work struct {
	name    string
	net     func(side int) *net.Network
	side    int
	kind    string // masked or dense, for training steps with and without masks, or evaluation
	batches []int  // tried; the fastest one counts
}

var works = []work{
	{"`crisp` 1024², masks 0.3 and 0.95, training step", preset("crisp"), 1024, "masked", []int{1, 4}},
	{"`crisp` 1024², no masks, training step", preset("crisp"), 1024, "dense", []int{1, 4}},
	{"`crisp` 1024², evaluation", preset("crisp"), 1024, "evaluation", []int{1, 4}},
	{"`overlap` 1024², masks 0.85 and 0.95, training step", preset("overlap"), 1024, "masked", []int{1, 4}},
	{"`residual` 512², masks 0.3 and 0.95, training step", preset("residual"), 512, "masked", []int{1, 4}},
	{"`pooled` 128², fine mask 0.95 on N,H,W, training step", preset("pooled"), 128, "masked", []int{10}},
	{"`pooled` 128², evaluation", preset("pooled"), 128, "evaluation", []int{10}},
	{"volumes of 64³, masks 0.5 and 0.8, training step", volumes, 64, "masked", []int{2}},
	{"volumes of 64³, no masks, training step", volumes, 64, "dense", []int{2}},
	{"sequences of 65,536, masks 0.85 and 0.95, training step", sequences, 65536, "masked", []int{8}},
}

// preset returns a function that makes a preset for images.
func preset(name string) func(side int) *net.Network {
	return func(side int) *net.Network {
		n, err := net.Preset(name, net.Shape{C: 1, H: side, W: side}, 4)
		check(err)
		return n
	}
}

// volumes has four convolutions of 3³ to 32 channels with pools, and masks behind the second and the last.
func volumes(side int) *net.Network {
	stage := "conv out=32 kernel=3 pad=1; relu; maxpool kernel=2; "
	return parse(fmt.Sprintf("input c=1 d=%[1]d h=%[1]d w=%[1]d; ", side) +
		stage + stage + "backdrop name=fine p=0.5 axes=NDHW; " + stage + stage + "backdrop name=coarse p=0.8 axes=NDHW; gap; linear out=4")
}

// sequences has five convolutions of 5 to 64 channels with stride 2, and masks behind the second and the last.
func sequences(side int) *net.Network {
	stage := "conv out=64 kernel=5 stride=2 pad=2; relu; "
	return parse(fmt.Sprintf("input c=1 w=%d; ", side) +
		strings.Repeat(stage, 2) + "backdrop name=fine p=0.85 axes=W; " + strings.Repeat(stage, 3) + "backdrop name=coarse p=0.95 axes=W; gap; linear out=4")
}

// parse reads a network with a semicolon for the end of a line.
func parse(text string) *net.Network {
	n, err := net.Parse(strings.ReplaceAll(text, "; ", "\n"))
	check(err)
	return n
}

// network makes the network of the row, smaller with -once.
func (w work) network() *net.Network {
	if *once {
		w.side /= 4
	}
	n := w.net(w.side)
	if w.kind != "masked" {
		for _, i := range n.Backdrops() {
			n.Layers[i].P = 0
		}
	}
	return n
}

// networkTable times whole training steps and evaluation, in milliseconds a sample.
func networkTable(dir string, limit float64) bool {
	titles := []string{"work, ms a sample", "here", "GFLOP/s", "of the peak"}
	if *peers {
		titles = append(titles, "PyTorch as it comes", "PyTorch, memory kept", "times faster", "ONNX Runtime", "times faster")
	}
	faster := map[string][]float64{} // than the fastest of PyTorch's ways, by kind, and than ONNX Runtime
	var rows []row
	for _, w := range works {
		rows = append(rows, row{w.name, func() []string { return w.cells(dir, limit, faster) }})
	}
	printed := table(titles, rows)
	if *peers && len(faster) == 4 { // rows of every kind
		fmt.Printf("\nBeside the faster of PyTorch's columns a training step with masks is %s as fast, without masks %s; evaluation is %s as fast, beside ONNX Runtime's %s.\n",
			span(faster["masked"]), span(faster["dense"]), span(faster["evaluation"]), span(faster["onnx"]))
	}
	return printed
}

// cells times the work and returns the cells of its row but for the name. It adds to faster.
func (w work) cells(dir string, limit float64, faster map[string][]float64) []string {
	var rates []float64
	here, hereName, end := best(w.ours(&rates))
	contenders, names, ends := []contender{here}, []string{"here " + hereName}, []func(){end}
	if *peers {
		for _, ways := range [][]way{w.torch(dir, asItComes, 0), w.torch(dir, kept(), 1), w.onnx(dir)} {
			c, name, end := best(ways)
			contenders, names, ends = append(contenders, c), append(names, name), append(ends, end)
		}
	}
	rates = nil
	ms := turns(contenders)
	for _, end := range ends {
		end()
	}
	rate := middle(rates)
	cells := []string{cell(ms[0]), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%.0f %%", 100*rate/limit)}
	if *peers {
		than, thanOnnx := ratio(ms[0], ms[1], ms[2]), ratio(ms[0], ms[3])
		faster[w.kind], faster["onnx"] = append(faster[w.kind], than), append(faster["onnx"], thanOnnx)
		cells = append(cells, cell(ms[1]), cell(ms[2]), times(than), cell(ms[3]), times(thanOnnx))
		fastest(w.name, names...)
	}
	return cells
}

// ours returns our ways, one for each batch size. Each run adds its GFLOP/s to rates, because the amount of work depends on
// the masks that a step draws.
func (w work) ours(rates *[]float64) (all []way) {
	for _, batch := range w.batches {
		all = append(all, way{fmt.Sprintf("batch %d", batch), func() (contender, func()) {
			b := newBench(w.network(), batch, "xent", *threads)
			run := b.step
			if w.kind == "evaluation" {
				run = b.evaluate
			}
			return again(func() float64 {
				ms := run()
				*rates = append(*rates, b.flops(w.kind == "evaluation")/1e6/ms)
				return ms
			}), func() {}
		}})
	}
	return all
}

// layouts are the memory layouts that PyTorch is tried with; torch_step.py explains them.
var layouts = []string{"contiguous", "channels_last", "blocked"}

// torch returns PyTorch's ways: each batch size, in each memory layout, with each allocator. With -once each
// allocator has one batch size and one layout: first is the layout of the first allocator, the next one has the next.
func (w work) torch(dir string, allocators []allocator, first int) (all []way) {
	if !torch {
		return nil
	}
	for a, alloc := range allocators {
		for b, batch := range w.batches {
			for l, layout := range layouts {
				if *once && (b > 0 || l != first+a) {
					continue
				}
				all = append(all, way{fmt.Sprintf("PyTorch %s: batch %d, %s", alloc.name, batch, layout), func() (contender, func()) {
					return peer(alloc.env, *python, "torch_step.py", w.file(dir, layout), batch, w.kind, layout, *threads)
				}})
			}
		}
	}
	return all
}

// file writes the network for a layout of PyTorch to a file and returns its name. PyTorch has channels last for images and
// volumes only, so a sequence is an image of one row then.
func (w work) file(dir, layout string) string {
	n := w.network()
	if layout == "channels_last" && n.Input.Dimensions() == 1 {
		n.Input.H = 1
	}
	file := filepath.Join(dir, fmt.Sprintf("%d-%s.net", slices.IndexFunc(works, func(o work) bool { return o.name == w.name }), layout))
	check(os.WriteFile(file, []byte(n.String()), 0o666))
	return file
}

// onnx returns ONNX Runtime's ways to evaluate: each batch size with each allocator.
func (w work) onnx(dir string) (all []way) {
	if !onnx || w.kind != "evaluation" {
		return nil
	}
	text := w.file(dir, "contiguous")
	file := text + ".onnx"
	run(*python, folder+"torch_onnx.py", text, file)
	for _, alloc := range slices.Concat(asItComes, kept()) {
		for _, batch := range slices.Compact(append([]int{1}, w.batches...)) {
			all = append(all, way{fmt.Sprintf("ONNX Runtime %s: batch %d", alloc.name, batch), func() (contender, func()) {
				return peer(alloc.env, "node", "onnx_forward.js", file, w.network().Input.W, batch, *threads)
			}})
		}
	}
	return all
}
