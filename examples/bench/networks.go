package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
)

// work is a row of the table of networks.
type work struct {
	name    string
	net     string
	size    int
	kind    string // masked, dense or evaluation, as torch_step.py has them
	batches []int  // tried; the fastest one counts
}

var works = []work{
	{"`crisp` 1024², masks 0.3 and 0.95, training step", "crisp", 1024, "masked", []int{1, 4}},
	{"`crisp` 1024², no masks, training step", "crisp", 1024, "dense", []int{1, 4}},
	{"`crisp` 1024², evaluation", "crisp", 1024, "evaluation", []int{1, 4}},
	{"`overlap` 1024², masks 0.85 and 0.95, training step", "overlap", 1024, "masked", []int{1, 4}},
	{"`pooled` 128², fine mask 0.95 on N,H,W, training step", "pooled", 128, "masked", []int{10}},
	{"`pooled` 128², evaluation", "pooled", 128, "evaluation", []int{10}},
}

// networkTable times whole training steps and evaluation, in milliseconds an image.
func networkTable(dir string, limit float64) {
	titles := []string{"work, ms an image", "here", "GFLOP/s", "of the peak"}
	if *peers {
		titles = append(titles, "PyTorch as it comes", "PyTorch, memory kept", "times faster", "ONNX Runtime", "times faster")
	}
	head(titles...)
	faster := map[string][]float64{} // than the fastest of PyTorch's ways, by kind, and than ONNX Runtime
	for _, w := range works {
		if *once {
			w.size /= 4
		}
		var rates []float64
		here, hereName, end := best(w.ours(&rates))
		contenders, names, ends := []contender{here}, []string{"here " + hereName}, []func(){end}
		if *peers {
			for _, ways := range [][]way{w.torch(asItComes, 0), w.torch(kept(), 1), w.onnx(dir)} {
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
		cells := []string{w.name, cell(ms[0]), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%.0f %%", 100*rate/limit)}
		if *peers {
			than, thanOnnx := ratio(ms[0], ms[1], ms[2]), ratio(ms[0], ms[3])
			faster[w.kind], faster["onnx"] = append(faster[w.kind], than), append(faster["onnx"], thanOnnx)
			cells = append(cells, cell(ms[1]), cell(ms[2]), times(than), cell(ms[3]), times(thanOnnx))
			chosen(w.name, names...)
		}
		line(cells...)
	}
	if *peers {
		fmt.Printf("\nBeside the faster of PyTorch's columns a training step with masks is %s as fast, without masks %s; evaluation is %s as fast, beside ONNX Runtime's %s.\n",
			span(faster["masked"]), span(faster["dense"]), span(faster["evaluation"]), span(faster["onnx"]))
	}
}

// ours returns our ways, one for each batch size. Each run adds its GFLOP/s to rates, because the amount of work depends on
// the masks that a step draws.
func (w work) ours(rates *[]float64) (all []way) {
	for _, batch := range w.batches {
		all = append(all, way{fmt.Sprintf("batch %d", batch), func() (contender, func()) {
			b := newBench(w.net, w.size, batch, w.kind == "masked", *threads)
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

// torch returns PyTorch's ways: each batch size, in each memory layout, with each allocator. With -once each
// allocator has one batch size and one layout: first is the layout of the first allocator, the next one has the next.
func (w work) torch(allocators []allocator, first int) (all []way) {
	if !torch {
		return nil
	}
	for a, alloc := range allocators {
		for b, batch := range w.batches {
			for l, layout := range []string{"contiguous", "channels_last", "blocked"} {
				if *once && (b > 0 || l != first+a) {
					continue
				}
				all = append(all, way{fmt.Sprintf("PyTorch %s: batch %d, %s", alloc.name, batch, layout), func() (contender, func()) {
					return peer(alloc.env, *python, "torch_step.py", w.net, w.size, batch, w.kind, layout, *threads)
				}})
			}
		}
	}
	return all
}

// onnx returns ONNX Runtime's ways to evaluate: each batch size with each allocator.
func (w work) onnx(dir string) (all []way) {
	if !onnx || w.kind != "evaluation" {
		return nil
	}
	file := filepath.Join(dir, w.net+strconv.Itoa(w.size)+".onnx")
	run(*python, folder+"torch_onnx.py", w.net, strconv.Itoa(w.size), file)
	for _, alloc := range slices.Concat(asItComes, kept()) {
		for _, batch := range slices.Compact(append([]int{1}, w.batches...)) {
			all = append(all, way{fmt.Sprintf("ONNX Runtime %s: batch %d", alloc.name, batch), func() (contender, func()) {
				return peer(alloc.env, "node", "onnx_forward.js", file, w.size, batch, *threads)
			}})
		}
	}
	return all
}
