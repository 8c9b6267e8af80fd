package main

import (
	"archive/zip"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/cmd/internal/flagtest"
	"backdrop/cmd/internal/tool"
	"backdrop/cmd/internal/tooltest"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/golden"
	"backdrop/lib/dims"
	"backdrop/lib/rng"
)

func TestMain(m *testing.M) {
	tooltest.InPlace()
	testscript.Main(m, map[string]func(){"bdtrain": main, "hasty": hasty, "samples": writeSamples, "slowly": slowly, "channels": writeChannels, "archive": archive})
}

// hasty is bdtrain whose progress shows what is over soon.
func hasty() {
	tool.Quick, tool.LineEvery = 0, 100*time.Millisecond
	main()
}

func TestScripts(t *testing.T) {
	p := tooltest.Params("testdata")
	p.Cmds["weights"] = weights
	p.Cmds["scales"] = scales
	p.Cmds["network"] = func(ts *testscript.TestScript, neg bool, args []string) {
		network(ts, args)
		p.Cmds["fails"](ts, neg, []string{"2", args[0], "bdtrain", "--net", "bad.txt", "--print-net"})
	}
	testscript.Run(t, p)
}

// TestPictures runs the scripts about pictures that other programs read and write.
func TestPictures(t *testing.T) {
	golden.Programs(t, "cjpeg", "djpeg")
	tooltest.Run(t, "testdata/pictures", "PYTHON="+golden.Python(t, "numpy", "PIL", "tifffile"))
}

// weights A B C… checks that the models A and B have the same parameters, and each that follows others than A.
func weights(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: weights A B C…")
	}
	var first []model.Param
	for i, name := range args {
		m, err := model.Read(strings.NewReader(ts.ReadFile(name)), stream.Limits{})
		ts.Check(err)
		if i == 0 {
			first = m.Params
		}
		if same := reflect.DeepEqual(m.Params, first); same != (i < 2) {
			ts.Fatalf("%s and %s: same parameters: %v", args[0], name, same)
		}
	}
}

// network REGEXP LAYER… checks that a network with these layers is refused. The first may be the input; otherwise it is an image of
// four channels.
func network(ts *testscript.TestScript, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: network REGEXP LAYER…")
	}
	text := strings.Join(args[1:], "\n")
	if !strings.HasPrefix(text, "input ") {
		text = "input c=4 h=8 w=9\n" + text
	}
	ts.Check(os.WriteFile(ts.MkAbs("bad.txt"), []byte(text), 0o666))
}

// writeSamples writes labelled noise whose mean depends on the class: samples [flags] > data.tar.
func writeSamples() {
	n := flag.Int("n", 24, "samples")
	size := flag.Int("size", 8, "side")
	classes := flag.Int("classes", 3, "classes")
	unnamed := flag.Bool("unnamed", false, "do not name the classes")
	nan := flag.Int("nan", -1, "sample with a NaN")
	label := flag.Int("label", -1, "label of the last sample")
	wide := flag.Int("wide", -1, "sample of another shape")
	huge := flag.Int("huge", -1, "sample with values near the largest float32")
	letters := flag.String("names", "abcdef", "names of the classes, a letter each")
	list := flag.String("list", "", "names of the classes, separated by commas")
	texts := flag.String("labels", "", "labels of the classes as .cls members have them, separated by commas")
	sizes := flag.String("shape", "", "shape of a sample instead of -size, separated by commas")
	axes := flag.String("axes", "", "what its axes are, for the stream to say")
	array := flag.String("npy", "", "write x as an array to standard output and the labels to this file")
	flag.Parse()
	names := strings.Split(*letters, "")[:*classes]
	if *list != "" {
		names = strings.Split(*list, ",")
	}

	shape := []int{*size, *size}
	if *sizes != "" {
		shape = nil
		for _, text := range strings.Split(*sizes, ",") {
			n, err := strconv.Atoi(text)
			check(err)
			shape = append(shape, n)
		}
	}

	var x []float32
	var labels []int64
	w, err := stream.NewWriter(os.Stdout, stream.None)
	check(err)
	if *array == "" && !*unnamed {
		check(w.WriteMetadata(stream.Metadata{Tool: "samples", Classes: names, Axes: *axes}))
	}
	for i := range *n {
		r := rng.New(1, rng.Field, uint64(i))
		s := &stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: slices.Clone(shape), Label: i % *classes, HasLabel: true}
		if i == *wide {
			s.Shape[1]++
		}
		for range dims.Count(s.Shape) {
			s.X = append(s.X, float32(r.NormFloat64())/2+float32(s.Label))
		}
		if i == *nan {
			s.X[17] = float32(math.NaN())
		}
		if i == *huge {
			for j := range s.X {
				s.X[j] = 3e38
			}
		}
		if *label >= 0 && i == *n-1 {
			s.Label = *label
		}
		x, labels = append(x, s.X...), append(labels, int64(s.Label))
		if *texts != "" {
			s.HasLabel, s.LabelText = false, strings.Split(*texts, ",")[i%*classes]
		}
		if *array == "" {
			check(w.WriteSample(s, npy.Float32))
		}
	}
	if *array == "" {
		check(w.Close())
		return
	}
	check(npy.WriteFloat32(os.Stdout, append([]int{*n}, shape...), x))
	f, err := os.Create(*array)
	check(err)
	check(npy.WriteInt64(f, []int{*n}, labels))
	check(f.Close())
}

// archive writes the parameters of a model as PyTorch names them into an .npz: archive [flags] MODEL > weights.npz.
func archive() {
	prefix := flag.String("prefix", "layers.", "what the names of parameters begin with")
	drop := flag.String("drop", "", "leave this parameter out")
	add := flag.String("add", "", "add an array of one zero with this name")
	flatten := flag.String("flatten", "", "give this parameter one axis")
	scale := flag.Bool("scale", false, "add mean and std")
	nan := flag.String("nan", "", "put a NaN into this parameter")
	flag.Parse()
	f, err := os.Open(flag.Arg(0))
	check(err)
	m, err := model.Read(f, stream.Limits{})
	check(err)
	z := zip.NewWriter(os.Stdout)
	write := func(name string, shape []int, data []float32) {
		w, err := z.Create(name + ".npy")
		check(err)
		check(npy.WriteFloat32(w, shape, data))
	}
	for _, p := range m.Params {
		switch p.Name {
		case *drop:
			continue
		case *flatten:
			p.Shape = []int{len(p.Data)}
		case *nan:
			p.Data[1] = float32(math.NaN())
		}
		write(*prefix+p.Name, p.Shape, p.Data)
	}
	if *add != "" {
		write(*add, []int{1}, []float32{0})
	}
	if *scale {
		write("mean", []int{len(m.Mean), 1, 1}, m.Mean)
		write("std", []int{len(m.Std), 1, 1}, m.Std)
	}
	check(z.Close())
}

// slowly SECONDS keeps standard output open and silent.
func slowly() {
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	check(err)
	time.Sleep(time.Duration(seconds * float64(time.Second)))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func TestNumbersAreDecimal(t *testing.T) { flagtest.Numbers(t, newApp) }

func TestHelp(t *testing.T) { flagtest.Help(t, newApp) }
