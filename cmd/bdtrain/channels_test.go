package main

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/rng"
)

// writeChannels writes 8×8 noise of several channels, and labels 0 and 1; channel 0 is larger by its deviation in class 1:
// channels [-n N] [-flat N] [-times N] [-seed S] MEAN/DEVIATION,MEAN/DEVIATION… LABELS.npy > data.npy.
func writeChannels() {
	n := flag.Int("n", 40, "samples")
	flat := flag.Int("flat", 0, "of which that many are 0.5 everywhere")
	times := flag.Int("times", 1, "how often the list of channels is repeated")
	seed := flag.Uint64("seed", 1, "seed")
	flag.Parse()
	var mean, deviation []float64
	for _, text := range strings.Split(flag.Arg(0), ",") {
		m, d, _ := strings.Cut(text, "/")
		for dst, text := range map[*[]float64]string{&mean: m, &deviation: d} {
			v, err := strconv.ParseFloat(text, 64)
			check(err)
			*dst = append(*dst, v)
		}
	}
	mean, deviation = slices.Repeat(mean, *times), slices.Repeat(deviation, *times)
	var x []float32
	var labels []int64
	for i := range *n {
		r := rng.New(*seed, rng.Field, uint64(i))
		labels = append(labels, int64(i%2))
		for c := range mean {
			shift := 0.0
			if c == 0 {
				shift = float64(i % 2)
			}
			for range 64 {
				v := mean[c] + deviation[c]*(r.NormFloat64()+shift)
				if i < *flat {
					v = 0.5
				}
				x = append(x, float32(v))
			}
		}
	}
	check(npy.WriteFloat32(os.Stdout, []int{*n, len(mean), 8, 8}, x))
	f, err := os.Create(flag.Arg(1))
	check(err)
	check(npy.WriteInt64(f, []int{*n}, labels))
	check(f.Close())
}

// scales A B checks that the models A and B have the same mean and deviation.
func scales(ts *testscript.TestScript, neg bool, args []string) {
	var of [2]*model.Model
	for i := range of {
		m, err := model.Read(strings.NewReader(ts.ReadFile(args[i])), stream.Limits{})
		ts.Check(err)
		of[i] = m
	}
	if same := slices.Equal(of[0].Mean, of[1].Mean) && slices.Equal(of[0].Std, of[1].Std); same == neg {
		ts.Fatalf("%v/%v and %v/%v", of[0].Mean, of[0].Std, of[1].Mean, of[1].Std)
	}
}
