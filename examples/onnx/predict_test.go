// Package onnx tests that ONNX Runtime gives the probabilities of a model of bdtrain.
package onnx

import (
	"encoding/csv"
	"fmt"
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

	// A loss of ranks leaves scores.
	run("bdtrain", strings.Fields("x.npy --labels y.npy --epochs 2 --loss auc-sqhinge --quiet -o model.tar")...)
	run("bdtrain", "export", "model.tar", "-o", "model.onnx")
	run("bdeval", strings.Fields("-m model.tar x.npy --metrics none --scores-out scores.npy")...)
	rows, err := csv.NewReader(strings.NewReader(string(run("node", script, "model.onnx", "x.npy")))).ReadAll()
	if err != nil || len(rows) != 21 || strings.Join(rows[0], ",") != "sample,score" {
		t.Fatalf("a loss of ranks: %d rows, %v", len(rows), err)
	}
	for i, want := range golden.Load(t, filepath.Join(dir, "scores.npy")) {
		if got, err := strconv.ParseFloat(rows[1+i][1], 64); err != nil || !(math.Abs(got-float64(want)) <= 1e-5*max(1, math.Abs(float64(want)))) {
			t.Errorf("score %d: %v, want %v, %v", i, rows[1+i], want, err)
		}
	}
}

// photos.sh goes from folders of pictures in colour to probabilities of ONNX Runtime that are those of bdeval predict, of one size and
// of several, and passes over what is no picture.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the tools")
	}
	golden.Node(t, "onnxruntime-node")
	golden.Sources(t, "photos.sh", "photos.py")
	t.Setenv("PYTHON", golden.Python(t, "numpy", "PIL"))
	script, err := filepath.Abs("photos.sh")
	if err != nil {
		t.Fatal(err)
	}
	tools := t.TempDir()
	golden.Run(t, filepath.Join("..", ".."), nil, "go", "build", "-o", tools+"/", "./cmd/bdtrain", "./cmd/bdeval")
	t.Setenv("PATH", tools+string(os.PathListSeparator)+os.Getenv("PATH"))
	const pictures = `
import os, sys
import numpy as np
from PIL import Image
mode, several = sys.argv[1], len(sys.argv) > 2
rng = np.random.default_rng(1)
for folder, n in ("photos", 40), ("new", 17):
    for i in range(n):
        kind = ["stripes", "dots"][i % 2]
        h, w = rng.integers(11, 60, 2) if several else (24, 24)
        x = np.broadcast_to(rng.integers(0, 256, (h, w if i % 2 else 1, 3), "u1"), (h, w, 3)).copy()
        name = f"{folder}/{kind}/{i}.png" if folder == "photos" else f"{folder}/{i:02}.png"
        os.makedirs(os.path.dirname(name), exist_ok=True)
        if mode == "RGB":
            Image.fromarray(x).save(name)
        elif mode == "L":
            Image.fromarray(x[..., 0]).save(name)
        else:  # grey, of 16 bits
            Image.fromarray(x[..., 0].astype("u2") * 257 - x[..., 1] // 2).save(name)
open("new/Thumbs.db", "wb").write(b"no picture")
open("new/.hidden.png", "wb").write(b"no picture")
`
	for _, c := range []string{"RGB", "L", "RGB --resize 20x33", "L --resize 48", "I16 --resize 16x40"} {
		args := strings.Fields(c)
		dir := t.TempDir()
		made := append([]string{"-c", pictures, args[0]}, args[1:]...)
		golden.Run(t, dir, nil, os.Getenv("PYTHON"), made...)
		out := string(golden.Run(t, dir, nil, script, append([]string{"photos", "new", "--epochs", "6"}, args[1:]...)...))
		var n int
		var difference float64
		if _, err := fmt.Sscanf(out, "%d pictures, the largest difference of a probability is %g", &n, &difference); err != nil || n != 17 || !(difference <= 1e-5) {
			t.Errorf("%s: %v: %s", c, err, out)
		}
		if head, err := os.ReadFile(filepath.Join(dir, "ours.csv")); err != nil || !strings.HasPrefix(string(head), "key,label,predicted,p_dots,p_stripes\n") {
			t.Errorf("%s: %.60q, %v", c, head, err)
		}
	}
}
