package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/cmd/internal/flagtest"
	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/cmd/internal/tooltest"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/drawtest"
	"backdrop/lib/net"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"maskviz": main, "hasty": hasty})
}

// hasty is maskviz whose progress shows what is over soon.
func hasty() {
	tool.Quick, tool.LineEvery = 0, 100*time.Millisecond
	main()
}

func TestScripts(t *testing.T) {
	p := tooltest.Params("testdata")
	p.Cmds["samples"] = writeSamples
	p.Cmds["array"] = writeArrays
	p.Cmds["tensor"] = writeTensor
	p.Cmds["sparse"] = writeSparse
	p.Cmds["model"] = writeModel
	p.Cmds["picture"] = checkPicture
	p.Cmds["pixels"] = hasPixels
	p.Cmds["frames"] = countFrames
	p.Cmds["members"] = listMembers
	testscript.Run(t, p)
}

// writeSamples FILE N C H W CLASS... writes a tensor stream of N samples of class 1, with those names of classes.
func writeSamples(ts *testscript.TestScript, _ bool, args []string) {
	n, shape := number(ts, args[1]), []int{number(ts, args[2]), number(ts, args[3]), number(ts, args[4])}
	writeFile(ts, args[0], func(w io.Writer) error {
		out, err := stream.NewWriter(w, stream.Zstd)
		if err != nil {
			return err
		}
		if err := out.WriteMetadata(stream.Metadata{Classes: args[5:]}); err != nil {
			return err
		}
		for i := range n {
			s := &stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: shape, X: wave(shape, i), Label: 1, HasLabel: true}
			if err := out.WriteSample(s, npy.Float32); err != nil {
				return err
			}
		}
		return out.Close()
	})
}

// writeArrays [-nan I|-near V] X.npy Y.npy N H W writes N samples as a bare array, value I of which is no number or whose
// values lie from V to V+1/64, and their labels, all 1.
func writeArrays(ts *testscript.TestScript, _ bool, args []string) {
	missing, scale, offset := -1, 1.0, 0.0
	switch args[0] {
	case "-nan":
		missing = number(ts, args[1])
		args = args[2:]
	case "-near":
		var err error
		offset, err = strconv.ParseFloat(args[1], 64)
		ts.Check(err)
		scale, args = 1.0/128, args[2:]
	}
	shape := []int{number(ts, args[2]), number(ts, args[3]), number(ts, args[4])}
	x := wave(shape, 0)
	for i := range x {
		x[i] = float32(float64(x[i])*scale + offset)
	}
	if missing >= 0 {
		x[missing] = float32(math.NaN())
	}
	writeFile(ts, args[0], func(w io.Writer) error { return npy.WriteFloat32(w, shape, x) })
	labels := make([]int64, shape[0])
	for i := range labels {
		labels[i] = 1
	}
	writeFile(ts, args[1], func(w io.Writer) error { return npy.WriteInt64(w, shape[:1], labels) })
}

// writeTensor [-nan I] FILE.npy SIZE... writes an array of those sizes, samples first, value I of which is no number.
func writeTensor(ts *testscript.TestScript, _ bool, args []string) {
	missing := -1
	if args[0] == "-nan" {
		missing, args = number(ts, args[1]), args[2:]
	}
	var shape []int
	for _, size := range args[1:] {
		shape = append(shape, number(ts, size))
	}
	x := wave(shape, 0)
	if missing >= 0 {
		x[missing] = float32(math.NaN())
	}
	writeFile(ts, args[0], func(w io.Writer) error { return npy.WriteFloat32(w, shape, x) })
}

// writeSparse FILE.npy TYPE SIZE... writes an array of zeros of those sizes, samples first, that takes no room on a disk.
func writeSparse(ts *testscript.TestScript, _ bool, args []string) {
	dtype, ok := npy.ParseDType(args[1])
	if !ok {
		ts.Fatalf("there is no type %s", args[1])
	}
	all, shape := int64(dtype.Size()), []int(nil)
	for _, size := range args[2:] {
		shape = append(shape, number(ts, size))
		all *= int64(shape[len(shape)-1])
	}
	var head bytes.Buffer
	ts.Check(npy.WriteHeader(&head, dtype, shape))
	writeFile(ts, args[0], func(w io.Writer) error { _, err := w.Write(head.Bytes()); return err })
	ts.Check(os.Truncate(ts.MkAbs(args[0]), int64(head.Len())+all))
}

// writeModel [-crop N] [-seed N] [-samples N] FILE NET CLASS... writes a model with random weights of the network in the file NET,
// as if trained with that seed on that many samples, in batches of 2, or on windows of N pixels in batches of 3.
func writeModel(ts *testscript.TestScript, _ bool, args []string) {
	m := &model.Model{Mean: []float32{0.5}, Std: []float32{2}}
	if args[0] == "-crop" {
		m.Training = []byte(`{"settings":{"augment":"crop=` + args[1] + `","batch":3}}`)
		args = args[2:]
	}
	if args[0] == "-seed" {
		m.Training = []byte(`{"settings":{"seed":` + args[1] + `,"batch":2}}`)
		args = args[2:]
		if args[0] == "-samples" {
			m.Training = []byte(strings.TrimSuffix(string(m.Training), "}") + `,"last":{"samples":` + args[1] + `}}`)
			args = args[2:]
		}
	}
	network, err := net.Parse(ts.ReadFile(args[1]))
	ts.Check(err)
	weights, err := net.NewWeights(network)
	ts.Check(err)
	weights.Init(7)
	m.Network, m.Classes, m.Params = network.String(), args[2:], models.Params(weights)
	writeFile(ts, args[0], m.Write)
}

// checkPicture FILE WIDTH [HEIGHT] fails unless FILE is a PNG of that size.
func checkPicture(ts *testscript.TestScript, _ bool, args []string) {
	img, err := png.Decode(bytes.NewReader([]byte(ts.ReadFile(args[0]))))
	ts.Check(err)
	if got := img.Bounds().Dx(); got != number(ts, args[1]) {
		ts.Fatalf("%s is %d pixels wide", args[0], got)
	}
	if got := img.Bounds().Dy(); len(args) > 2 && got != number(ts, args[2]) {
		ts.Fatalf("%s is %d pixels high", args[0], got)
	}
}

// hasPixels FILE R,G,B fails unless some pixels of the picture are of that colour; with !, if some are.
func hasPixels(ts *testscript.TestScript, neg bool, args []string) {
	img, err := png.Decode(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	var want color.RGBA
	_, err = fmt.Sscanf(args[1], "%d,%d,%d", &want.R, &want.G, &want.B)
	ts.Check(err)
	want.A = 255
	found := 0
	for y := range img.Bounds().Max.Y {
		for x := range img.Bounds().Max.X {
			if drawtest.At(img, x, y) == want {
				found++
			}
		}
	}
	if neg != (found == 0) {
		ts.Fatalf("%d pixels of %s are %s", found, args[0], args[1])
	}
}

// countFrames FILE N fails unless FILE is an animated PNG that says that it has N frames and has them.
func countFrames(ts *testscript.TestScript, _ bool, args []string) {
	file, n := ts.ReadFile(args[0]), number(ts, args[1])
	_, control, ok := strings.Cut(file, "acTL")
	if !ok || int(binary.BigEndian.Uint32([]byte(control[:4]))) != n || strings.Count(file, "fcTL") != n {
		ts.Fatalf("%s has not %d frames", args[0], n)
	}
}

// listMembers FILE OUT writes the name of each member of a tensor stream and the shape of the array in it.
func listMembers(ts *testscript.TestScript, _ bool, args []string) {
	r, err := stream.NewMemberReader(bytes.NewReader([]byte(ts.ReadFile(args[0]))), stream.Limits{})
	ts.Check(err)
	writeFile(ts, args[1], func(w io.Writer) error {
		for {
			m, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if m.Name[:2] == "__" {
				fmt.Fprintf(w, "%s\n%s", m.Name, m.Data)
				continue
			}
			a, err := npy.Read(bytes.NewReader(m.Data), 1<<20)
			if err != nil {
				return err
			}
			fmt.Fprintln(w, m.Name, a.Shape)
		}
	})
}

func writeFile(ts *testscript.TestScript, name string, write func(io.Writer) error) {
	var b bytes.Buffer
	ts.Check(write(&b))
	ts.Check(os.WriteFile(ts.MkAbs(name), b.Bytes(), 0o666))
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

// wave is a pattern that differs from sample to sample.
func wave(shape []int, sample int) []float32 {
	size := 1
	for _, n := range shape {
		size *= n
	}
	x := make([]float32, size)
	for i := range x {
		x[i] = float32((i*(sample+3))%17) / 8
	}
	return x
}

func TestNumbersAreDecimal(t *testing.T) { flagtest.Numbers(t, newApp) }

func TestHelp(t *testing.T) { flagtest.Help(t, newApp) }
