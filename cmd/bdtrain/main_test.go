package main

import (
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/cmd/internal/flagtest"
	"backdrop/cmd/internal/tooltest"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/rng"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bdtrain": main, "samples": writeSamples, "slowly": slowly, "channels": writeChannels})
}

func TestScripts(t *testing.T) {
	p := tooltest.Params("testdata")
	p.Cmds["weights"] = weights
	p.Cmds["scales"] = scales
	testscript.Run(t, p)
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
	array := flag.String("npy", "", "write x as an array to standard output and the labels to this file")
	flag.Parse()
	names := strings.Split(*letters, "")[:*classes]
	if *list != "" {
		names = strings.Split(*list, ",")
	}

	var x []float32
	var labels []int64
	w, err := stream.NewWriter(os.Stdout, stream.None)
	check(err)
	if *array == "" && !*unnamed {
		check(w.WriteMetadata(stream.Metadata{Tool: "samples", Classes: names}))
	}
	for i := range *n {
		r := rng.New(1, rng.Field, uint64(i))
		s := &stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: []int{*size, *size}, Label: i % *classes, HasLabel: true}
		if i == *wide {
			s.Shape[1]++
		}
		for range s.Shape[0] * s.Shape[1] {
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
	check(npy.WriteFloat32(os.Stdout, []int{*n, *size, *size}, x))
	f, err := os.Create(*array)
	check(err)
	check(npy.WriteInt64(f, []int{*n}, labels))
	check(f.Close())
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
