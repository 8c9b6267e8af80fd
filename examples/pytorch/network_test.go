// Package pytorch tests that models of bdtrain give the same scores in PyTorch, and come back from there.
package pytorch

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

// samples writes an array of the shape that is its argument: 12 samples of 4 classes, with a channel that is not of order one.
const samples = `
import sys, numpy as np
r = np.random.default_rng(1)
y = np.arange(12) % 4
shape = [int(n) for n in sys.argv[1].split(",")]
x = r.standard_normal([12, 2] + shape) + 0.5 * y.reshape([-1, 1] + [1] * len(shape))
x[:, 1] = 300 + 20 * x[:, 1]
np.save("x.npy", x.astype("f4"))
np.save("y.npy", y)
np.save("two.npy", y % 2)
`

// compare compares the scores of each model with those that bdeval wrote, and saves its weights.
const compare = `
import sys
sys.dont_write_bytecode = True
import numpy as np, torch
sys.path.insert(0, sys.argv[1])
from network import load
for d in "123":
    x, want, net = torch.from_numpy(np.load(d + "/x.npy")), np.load(d + "/scores.npy"), load(d + "/model.safetensors")
    with torch.no_grad():
        got = net(x).numpy()
    assert got.shape == want.shape == (12, 4), (got.shape, want.shape)
    assert np.abs(want).max() > 0.01 and np.ptp(want, 0).max() > 1e-3, want
    assert np.abs(got - want).max() <= 1e-5 * np.abs(want).max(), np.abs(got - want).max() / np.abs(want).max()
    np.savez(d + "/weights.npz", **{name: v.numpy() for name, v in net.state_dict().items()})
`

// layers are of all kinds.
const layers = " # of two channels\nconv name=first out=6 kernel=3 pad=1\nsilu\nconv out=6 kernel=3 pad=2 dilation=2 ws=true\n" +
	"backdrop name=fine p=0.5 axes=NW\nadd from=first\n\nrelu\ngroupnorm groups=3\nconcat from=first\nmaxpool kernel=2 stride=1 dilation=2 pad=1\n" +
	"avgpool kernel=2 dilation=2 stride=1\nleakyrelu slope=0.1\nconv out=8 kernel=2 stride=3\ngmp\ndropout p=0.2\nlinear out=4\n"

// Models in one to three dimensions go to PyTorch and come back with the same scores, normalisation and all.
func TestModels(t *testing.T) {
	python, here := prepare(t)
	dir := t.TempDir()
	cases := []struct{ d, input, shape, axes string }{
		{"1", "w=40", "40", "NCT"}, {"2", "h=11 w=14", "11,14", "NCHW"}, {"3", "d=7 h=6 w=9", "7,6,9", "NCDHW"},
	}
	for _, c := range cases {
		folder := filepath.Join(dir, c.d)
		if err := os.Mkdir(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		save(t, filepath.Join(folder, "net.txt"), "input c=2 "+c.input+layers)
		run := func(name string, args ...string) { golden.Run(t, folder, nil, name, args...) }
		run(python, "-c", samples, c.shape)
		run("bdtrain", "x.npy", "--labels", "y.npy", "--axes", c.axes, "--net", "net.txt", "--epochs", "2", "--quiet", "-o", "model.tar")
		run("bdeval", "-m", "model.tar", "x.npy", "--axes", c.axes, "--metrics", "none", "--scores-out", "scores.npy")
		run("bdtrain", "export", "model.tar", "-o", "model.safetensors")
	}
	golden.Run(t, dir, nil, python, "-c", compare, here)
	for _, c := range cases {
		run := func(name string, args ...string) { golden.Run(t, filepath.Join(dir, c.d), nil, name, args...) }
		run("bdtrain", "x.npy", "--labels", "y.npy", "--axes", c.axes, "--net", "net.txt", "--init", "weights.npz", "--epochs", "0", "--quiet", "-o", "back.tar")
		run("bdeval", "-m", "back.tar", "x.npy", "--axes", c.axes, "--metrics", "none", "--scores-out", "back.npy")
		run("cmp", "scores.npy", "back.npy")
	}
}

// predict.py gives the softmax of bdeval's scores; of one score that of it and 0, in the order of the classes, and of a loss of ranks
// the score itself.
func TestPredict(t *testing.T) {
	python, here := prepare(t)
	dir := t.TempDir()
	run := func(name string, args ...string) []byte { return golden.Run(t, dir, nil, name, args...) }
	run(python, "-c", samples, "9,9")
	for _, outputs := range []string{"4", "1"} {
		save(t, filepath.Join(dir, "net"+outputs+".txt"), "input c=2 h=9 w=9\nconv out=5 kernel=3\nrelu\ngap\nlinear out="+outputs+"\n")
	}
	for _, c := range []struct {
		flags string
		head  []string
	}{
		{"--net net4.txt --labels y.npy", []string{"sample", "class", "0", "1", "2", "3"}},
		{"--net net1.txt --labels two.npy --loss bce", []string{"sample", "class", "0", "1"}},
		{"--net net1.txt --labels two.npy --loss bce --positive 0", []string{"sample", "class", "1", "0"}},
		{"--net net1.txt --labels y.npy --loss bce --positive 2", []string{"sample", "class", "rest", "2"}},
		{"--net net1.txt --labels two.npy --loss auc-sqhinge", []string{"sample", "score of 1"}},
	} {
		run("bdtrain", append(strings.Fields("x.npy --axes NCHW --epochs 3 --lr 0.05 --quiet -o model.tar"), strings.Fields(c.flags)...)...)
		run("bdeval", "-m", "model.tar", "x.npy", "--axes", "NCHW", "--metrics", "none", "--scores-out", "scores.npy")
		run("bdtrain", "export", "model.tar", "-o", "model.safetensors")
		rows, err := csv.NewReader(strings.NewReader(string(run(python, "-B", here+"/predict.py", "model.safetensors", "x.npy")))).ReadAll()
		if err != nil || len(rows) != 13 || strings.Join(rows[0], ",") != strings.Join(c.head, ",") {
			t.Fatalf("%s: %d rows, %v, %v", c.flags, len(rows), rows[0], err)
		}
		scores := golden.Load(t, filepath.Join(dir, "scores.npy"))
		each := len(scores) / 12
		for i, row := range rows[1:] {
			var want []float64
			for _, s := range scores[i*each:][:each] {
				want = append(want, float64(s))
			}
			got := row[1:]
			if len(c.head) > 2 {
				if each == 1 {
					want = []float64{0, want[0]}
				}
				want, got = softmax(want), row[2:]
				if most := largest(want); row[1] != c.head[2+most] {
					t.Errorf("%s: class %s of %v, want %s", c.flags, row[1], got, c.head[2+most])
				}
			}
			for j, w := range want {
				if v, err := strconv.ParseFloat(got[j], 64); err != nil || !(math.Abs(v-w) <= 1e-5*math.Max(math.Abs(w), 0.01)) || row[0] != strconv.Itoa(i) {
					t.Errorf("%s: row %v, want %v, %v", c.flags, row, want, err)
				}
			}
		}
	}
}

func softmax(logits []float64) []float64 {
	sum := 0.0
	var p []float64
	for _, v := range logits {
		p = append(p, math.Exp(v))
		sum += math.Exp(v)
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// largest is where the largest number is.
func largest(v []float64) int {
	most := 0
	for i := range v {
		if v[i] > v[most] {
			most = i
		}
	}
	return most
}

// prepare puts the tools on the PATH, and returns a Python with PyTorch and this folder.
func prepare(t *testing.T) (python, here string) {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes PyTorch a while")
	}
	python = golden.Python(t, "torch", "numpy")
	golden.Sources(t, "network.py", "predict.py")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	golden.Run(t, filepath.Join(here, "..", ".."), nil, "go", "build", "-o", bin+"/", "./cmd/bdtrain", "./cmd/bdeval")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return python, here
}

func save(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
