package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"backdrop/formats/npy"
)

// aucTime names the row of the time that the AUC takes.
const aucTime = "AUC of 10⁷ scores in files, with DeLong's interval"

// arrayTable compares the times of fields and metrics with those of Python.
func arrayTable(dir string) bool {
	size := 1024
	if *once {
		size = 128
	}
	return table([]string{"work, ms", "here", "Python as it is written first", "Python at its best", "times faster"}, []row{
		arrayRow("texture of two scales, 1024², squared exponential", gpgen("se", size),
			scipy, fields("fft", "NumPy's FFT", "se", size),
			slices.Concat(keeping(fields("pairs", "SciPy's FFT, float32, two at once", "se", size)),
				keeping(fields("modes", "products of modes, as here", "se", size)))),
		arrayRow("the same, Matérn 3/2", gpgen("matern32", size),
			scipy, fields("fft", "NumPy's FFT", "matern32", size),
			keeping(fields("pairs", "SciPy's FFT, float32, two at once", "matern32", size))),
		arrayRow(aucTime, func() float64 { return tool("bdeval", aucOf(dir)...).ms },
			sklearn, auc(dir, "sklearn", "scikit-learn, no interval"), keeping(auc(dir, "delong", "NumPy"))),
	})
}

// arrayRow returns a row: our time, that of the first of the other ways, and that of the fastest of all others that are
// installed.
func arrayRow(name string, here func() float64, there bool, first script, others []way) row {
	return row{name, func() []string {
		contenders, names, ends := []contender{again(here), nil, nil}, []string{"", "", ""}, []func(){}
		if there {
			for i, ways := range [][]way{{first.with(nil)}, others} {
				c, name, end := best(ways)
				contenders[1+i], names[1+i], ends = c, " ("+name+")", append(ends, end)
			}
		}
		ms := turns(contenders)
		for _, end := range ends {
			end()
		}
		return []string{cell(ms[0]), cell(ms[1]) + names[1], cell(ms[2]) + names[2], times(ratio(ms[0], ms[1], ms[2]))}
	}}
}

// script is a Python program with its arguments, and the name that the table gives it.
type script struct {
	name, program string
	args          []any
}

// with returns a way to run it with additional environment variables. The program itself sets its number of threads.
func (s script) with(env []string) way {
	return way{s.name, func() (contender, func()) {
		return peer(append([]string{"OPENBLAS_NUM_THREADS=1"}, env...), *python, s.program, s.args...)
	}}
}

// keeping returns the ways to run it with an allocator that keeps freed memory.
func keeping(s script) (all []way) {
	for _, a := range kept() {
		all = append(all, s.with(a.env))
	}
	return all
}

func fields(method, name, kernel string, size int) script {
	return script{name, "fields.py", []any{method, kernel, size, *threads}}
}

func auc(dir, method, name string) script {
	scores, labels := scoreFiles(dir)
	return script{name, "auc.py", []any{method, scores, labels, *threads}}
}

// gpgen returns a function that draws textures and returns the milliseconds for each, including the start of the program.
func gpgen(kernel string, size int, flags ...string) func() float64 {
	n := 100
	if *once {
		n = 2
	}
	args := append([]string{"-n", strconv.Itoa(n), "--size", strconv.Itoa(size), "--scales", lengths(size), "--kernel", kernel}, flags...)
	if len(flags) == 0 {
		args = append(args, "--format", "npy")
	}
	return func() float64 { return tool("gpgen", args...).ms / float64(n) }
}

// lengths returns the length scales of fields.py as a flag: 9.5 and 80 pixels at a size of 1024.
func lengths(size int) string {
	scale := func(l float64) string { return strconv.FormatFloat(l*float64(size)/1024, 'f', -1, 64) }
	return scale(9.5) + ":" + scale(80)
}

// scoreFiles are files of 10⁷ scores and their labels, one in ten of them positive.
func scoreFiles(dir string) (scores, labels string) {
	return filepath.Join(dir, "scores.npy"), filepath.Join(dir, "labels.npy")
}

// aucOf returns the arguments with which bdeval computes their AUC.
func aucOf(dir string) []string {
	scores, labels := scoreFiles(dir)
	return []string{"--scores", scores, "--labels", labels, "--metrics", "auc", "--ci", "0.95"}
}

// makeScores writes these files without holding all scores in memory.
func makeScores(dir string) {
	n := 10_000_000
	if *once {
		n = 10_000
	}
	var files [2]*os.File
	var out [2]*bufio.Writer
	scores, labels := scoreFiles(dir)
	for i, name := range []string{scores, labels} {
		var err error
		files[i], err = os.Create(name)
		check(err)
		out[i] = bufio.NewWriter(files[i])
		check(npy.WriteHeader(out[i], []npy.DType{npy.Float32, npy.Int64}[i], []int{n}))
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		label := uint64(0)
		if i%10 == 0 {
			label = 1
		}
		score := float32(rnd.NormFloat64() + float64(label))
		_, err := out[0].Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(score)))
		_, err2 := out[1].Write(binary.LittleEndian.AppendUint64(nil, label))
		check(errors.Join(err, err2))
	}
	for i := range files {
		check(errors.Join(out[i].Flush(), files[i].Close()))
	}
}
