// Package pytorch tests that models of bdtrain give the same scores in PyTorch.
package pytorch

import (
	"os"
	"path/filepath"
	"testing"

	"backdrop/internal/testkit/golden"
)

// The program compares the scores of each model with those that bdeval wrote.
const program = `
import sys
sys.dont_write_bytecode = True
import numpy as np, torch
sys.path.insert(0, sys.argv[1])
import network
for d, shape in ("1", (1, 40)), ("2", (1, 11, 14)), ("3", (1, 7, 6, 9)):
    x, want = torch.from_numpy(np.load(d + "/x.npy")), np.load(d + "/scores.npy")
    with torch.no_grad():
        got = network.load(d)(x.reshape(-1, *shape)).numpy()
    assert got.shape == want.shape == (12, 4), (got.shape, want.shape)
    assert np.abs(want).max() > 0.01 and np.ptp(want, 0).max() > 1e-3, want
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)
`

func TestModels(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes PyTorch a while")
	}
	python := golden.Python(t, "torch", "numpy")
	golden.Programs(t, "tar")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	golden.Sources(t, "network.py")
	dir := t.TempDir()
	golden.Run(t, filepath.Join(here, "..", ".."), nil, "go", "build", "-o", dir+"/", "./cmd/gpgen", "./cmd/bdtrain", "./cmd/bdeval")
	for _, c := range []struct{ d, input, shape, axes string }{
		{"1", "w=40", "40", "NT"}, {"2", "h=11 w=14", "11,14", "NHW"}, {"3", "d=7 h=6 w=9", "7,6,9", "NDHW"},
	} {
		text := "input c=1 " + c.input + " # of one channel\nconv name=first out=6 kernel=3 pad=1\nsilu\nconv out=6 kernel=3 pad=2 dilation=2 ws=true\n" +
			"backdrop name=fine p=0.5 axes=NW\nadd from=first\n\nrelu\ngroupnorm groups=3\nconcat from=first\nmaxpool kernel=2 stride=1 dilation=2 pad=1\n" +
			"avgpool kernel=2 dilation=2 stride=1\nleakyrelu slope=0.1\nconv out=8 kernel=2 stride=3\ngmp\ndropout p=0.2\nlinear out=4\n"
		folder := filepath.Join(dir, c.d)
		if err := os.Mkdir(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "net.txt"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		run := func(name string, args ...string) { golden.Run(t, folder, nil, name, args...) }
		run(dir+"/gpgen", "-n", "12", "--shape", c.shape, "--scales", "1,2:3,5", "--standardise", "none", "--format", "npy", "--labels", "y.npy", "-o", "x.npy")
		run(dir+"/bdtrain", "x.npy", "--labels", "y.npy", "--axes", c.axes, "--net", "net.txt", "--normalise", "data", "--epochs", "2", "--quiet", "-o", "model.tar")
		run(dir+"/bdeval", "-m", "model.tar", "x.npy", "--labels", "y.npy", "--axes", c.axes, "--scores-out", "scores.npy")
		run("tar", "-xf", "model.tar")
	}
	golden.Run(t, dir, nil, python, "-c", program, here)
}
