package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// mkmodel writes a model whose logits are the first pixels of a 2×2 sample, normalised:
// mkmodel FILE CLASSES MEAN STD [POSITIVE], with class names such as a,b,c, or - for none. With a positive class there is
// one output, the first pixel. Where LOSS is set, it was trained with it. Where RANGE is set, such as to 0,1,0.5, these are the least, the largest and the mean absolute
// value of its training data.
func mkmodel() {
	classes := strings.Split(os.Args[2], ",")
	if os.Args[2] == "-" {
		classes = nil
	}
	n, positive := len(classes), ""
	if len(os.Args) > 5 {
		n, positive = 1, os.Args[5]
	}
	weight := make([]float32, n*4)
	for i := range n {
		weight[i*4+i] = 1
	}
	m := &model.Model{
		Network:  fmt.Sprintf("input c=1 h=2 w=2\nflatten\nlinear out=%d\n", n),
		Classes:  classes,
		Positive: positive,
		Mean:     []float32{number(os.Args[3])},
		Std:      []float32{number(os.Args[4])},
		Params: []model.Param{
			{Name: "1.weight", Shape: []int{n, 4}, Data: weight},
			{Name: "1.bias", Shape: []int{n}, Data: make([]float32, n)},
		},
	}
	if loss := os.Getenv("LOSS"); loss != "" {
		m.Training = fmt.Appendf(nil, `{"settings":{"loss":%q}}`, loss)
	}
	if text := os.Getenv("RANGE"); text != "" {
		r := strings.Split(text, ",")
		m.Range = model.Range{Min: []float32{number(r[0])}, Max: []float32{number(r[1])}, Magnitude: []float32{number(r[2])}}
	}
	out := must(os.Create(os.Args[1]))
	check(m.Write(out))
	check(out.Close())
}

// mkdata writes a stream of samples: mkdata FILE CLASSES SHAPE [LABEL VALUE...]..., where - stands for no class names
// and for no label.
func mkdata() {
	out := must(os.Create(os.Args[1]))
	w := must(stream.NewWriter(out, stream.Zstd))
	info := stream.Metadata{Tool: "mkdata"}
	if os.Args[2] != "-" {
		info.Classes = strings.Split(os.Args[2], ",")
	}
	check(w.WriteMetadata(info))
	var shape []int
	size := 1
	for _, n := range strings.Split(os.Args[3], ",") {
		shape = append(shape, must(strconv.Atoi(n)))
		size *= shape[len(shape)-1]
	}
	for i, args := 0, os.Args[4:]; len(args) > 0; i, args = i+1, args[1+size:] {
		s := &stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: shape}
		if args[0] != "-" {
			s.Label, s.HasLabel = must(strconv.Atoi(args[0])), true
		}
		for _, v := range args[1 : 1+size] {
			s.X = append(s.X, number(v))
		}
		check(w.WriteSample(s, npy.Float32))
	}
	check(w.Close())
	check(out.Close())
}

func number(text string) float32 { return float32(must(strconv.ParseFloat(text, 32))) }
