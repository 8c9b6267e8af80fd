// Package onnx tests that ONNX Runtime gives the probabilities of a model of bdtrain.
package onnx

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// predict.js gives the softmax of bdeval's scores, of samples that lack the axis of their only channel, too.
func TestPredict(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the tools")
	}
	golden.Node(t, "onnxruntime-node")
	golden.Sources(t, "predict.js")
	script, err := filepath.Abs("predict.js")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run := func(name string, args ...string) []byte { return golden.Run(t, dir, nil, name, args...) }
	golden.Run(t, filepath.Join("..", ".."), nil, "go", "build", "-o", dir+"/", "./cmd/gpgen", "./cmd/bdtrain", "./cmd/bdeval")
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	run("gpgen", strings.Fields("-n 20 --shape 24,33 --scales 1,2:5 --format npy --labels y.npy -o x.npy")...)
	for _, flags := range []string{"--loss xent", "--loss bce"} {
		run("bdtrain", append(strings.Fields("x.npy --labels y.npy --epochs 2 --lr 0.01 --quiet -o model.tar"), strings.Fields(flags)...)...)
		run("bdtrain", "export", "model.tar", "-o", "model.onnx")
		run("bdeval", strings.Fields("-m model.tar x.npy --metrics none --scores-out scores.npy")...)
		rows, err := csv.NewReader(strings.NewReader(string(run("node", script, "model.onnx", "x.npy")))).ReadAll()
		if err != nil || len(rows) != 21 || strings.Join(rows[0], ",") != "sample,0,1" {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		scores := golden.Load(t, filepath.Join(dir, "scores.npy"))
		for i, row := range rows[1:] {
			logit := float64(scores[i]) // of class 1, beside 0
			if len(scores) == 40 {
				logit = float64(scores[2*i+1]) - float64(scores[2*i])
			}
			for class, want := range []float64{1 / (1 + math.Exp(logit)), 1 / (1 + math.Exp(-logit))} {
				if p, err := strconv.ParseFloat(row[1+class], 64); err != nil || !(math.Abs(p-want) <= 1e-5) || row[0] != strconv.Itoa(i) {
					t.Errorf("%s: row %v, want %v, %v", flags, row, want, err)
				}
			}
		}
	}
}
