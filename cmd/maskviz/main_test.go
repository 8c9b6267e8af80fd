package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tooltest"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/nn"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"maskviz": main})
}

func TestScripts(t *testing.T) {
	p := tooltest.Params("testdata")
	p.Cmds["samples"] = writeSamples
	p.Cmds["array"] = writeArrays
	p.Cmds["model"] = writeModel
	p.Cmds["picture"] = checkPicture
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
		if err := out.WriteDataset(stream.Dataset{Classes: args[5:]}); err != nil {
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

// writeArrays X.npy Y.npy N H W writes N samples as a bare array, and their labels, all 1.
func writeArrays(ts *testscript.TestScript, _ bool, args []string) {
	shape := []int{number(ts, args[2]), number(ts, args[3]), number(ts, args[4])}
	writeFile(ts, args[0], func(w io.Writer) error { return npy.WriteFloat32(w, shape, wave(shape, 0)) })
	labels := make([]int64, shape[0])
	for i := range labels {
		labels[i] = 1
	}
	writeFile(ts, args[1], func(w io.Writer) error { return npy.WriteInt64(w, shape[:1], labels) })
}

// writeModel [-seed N] FILE NET CLASS... writes a model with random weights of the network in the file NET, as if
// trained with that seed.
func writeModel(ts *testscript.TestScript, _ bool, args []string) {
	m := &model.Model{Mean: 0.5, Std: 2}
	if args[0] == "-seed" {
		m.Training = []byte(`{"settings":{"seed":` + args[1] + `,"batch":2}}`)
		args = args[2:]
	}
	net, err := nn.Parse(ts.ReadFile(args[1]))
	ts.Check(err)
	weights, err := nn.NewWeights(net)
	ts.Check(err)
	weights.Init(7)
	m.Network, m.Classes, m.Params = net.String(), args[2:], models.Params(weights)
	writeFile(ts, args[0], m.Write)
}

// checkPicture FILE WIDTH fails unless FILE is a PNG of that width.
func checkPicture(ts *testscript.TestScript, _ bool, args []string) {
	img, err := png.Decode(bytes.NewReader([]byte(ts.ReadFile(args[0]))))
	ts.Check(err)
	if got := img.Bounds().Dx(); got != number(ts, args[1]) {
		ts.Fatalf("%s is %d pixels wide", args[0], got)
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
