package contract

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
)

// Every preset learns in one to three dimensions what tells the classes apart, with its masks, and the judge agrees. What it
// learns does not depend on the number of threads, nor on a stop in between.
func TestPresetsInAllDimensions(t *testing.T) {
	takesLong(t)
	for shape, crop := range map[string]string{"75": "64", "19,26": "18x20", "9,11,10": "8x9x8"} {
		dir := t.TempDir()
		must(t, dir, "gpgen -n 24 --shape "+shape+" --scales 1,6 --power 1 --seed 1 -o train.tar.zst; gpgen -n 24 --shape "+shape+" --scales 1,6 --power 1 --seed 2 -o test.tar.zst")
		for _, preset := range []string{"pooled", "crisp", "overlap", "residual"} {
			t.Run(preset+" "+shape, func(t *testing.T) {
				train := "bdtrain train.tar.zst --net " + preset + " --mask fine=0.2 --mask coarse=0.1 --batch 6 --quiet"
				must(t, dir, "set -e\n"+
					train+" --epochs 20 --threads 1 -o one\n"+
					train+" --epochs 20 --threads 2 -o two\ncmp one two\n"+
					"rm -f ck; "+train+" --epochs 3 --checkpoint ck -o part; "+train+" --epochs 20 --resume ck -o resumed\ncmp one resumed\n"+
					train+" --epochs 2 --augment flip,roll,crop="+crop+" -o augmented; bdeval -m augmented test.tar.zst --quiet > augmented.txt")
				_, out, _ := shell(t, dir, "bdeval -m one train.tar.zst --metrics accuracy")
				words := strings.Fields(out)
				if got, err := strconv.ParseFloat(words[len(words)-1], 64); err != nil || got < 0.9 {
					t.Errorf("accuracy of what was learned: %s", out)
				}
			})
		}
	}
}

// Arrays with their channels last, named by --axes, are to training and to the judge what they are with channels first.
func TestChannelsLast(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		shape       []int // N, channels, axes
		first, last string
		input       string
	}{
		{[]int{20, 3, 17}, "NCT", "NTC", "c=3 w=17"},
		{[]int{20, 3, 9, 11}, "NCHW", "NHWC", "c=3 h=9 w=11"},
		{[]int{20, 3, 5, 6, 7}, "NCDHW", "NDHWC", "c=3 d=5 h=6 w=7"},
	} {
		t.Run(c.first, func(t *testing.T) {
			pixels := 1
			for _, n := range c.shape[2:] {
				pixels *= n
			}
			x := make([]float32, 20*3*pixels)
			last := make([]float32, len(x))
			labels := make([]int64, 20)
			for i := range x {
				sample, channel, pixel := i/(3*pixels), i/pixels%3, i%pixels
				labels[sample] = int64(sample % 2)
				x[i] = float32((i*7919)%101)/50 - 1 + float32(channel*(sample%2))
				last[(sample*pixels+pixel)*3+channel] = x[i]
			}
			golden.Save(t, filepath.Join(dir, "first.npy"), npy.Float32, c.shape, x)
			golden.Save(t, filepath.Join(dir, "last.npy"), npy.Float32, append(append([]int{20}, c.shape[2:]...), 3), last)
			f, err := os.Create(filepath.Join(dir, "y.npy"))
			if err == nil {
				err = npy.WriteInt64(f, []int{20}, labels)
			}
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			net := "input " + c.input + "\nconv out=4 kernel=3 pad=1\nrelu\nbackdrop name=fine p=0.5 axes=NW\ngap\nlinear out=2\n"
			if err := os.WriteFile(filepath.Join(dir, "net.txt"), []byte(net), 0o666); err != nil {
				t.Fatal(err)
			}
			must(t, dir, `set -e
				bdtrain first.npy --labels y.npy --net net.txt --epochs 3 --quiet -o first 2> lines
				bdtrain first.npy --labels y.npy --net net.txt --epochs 3 --quiet -o named --axes `+c.first+` 2>> lines
				bdtrain last.npy --labels y.npy --net net.txt --epochs 3 --quiet -o last --axes `+c.last+` 2>> lines
				bdtrain - --labels y.npy --net net.txt --epochs 3 --quiet -o piped --axes `+c.last+` < last.npy 2>> lines
				cmp first named; cmp first last; cmp first piped
				bdeval -m first first.npy --labels y.npy --quiet > a 2>> lines
				bdeval -m first last.npy --labels y.npy --axes `+c.last+` --quiet > b 2>> lines
				cmp a b; cmp lines /dev/null`)
			code, _, line := shell(t, dir, "bdeval -m first last.npy --labels y.npy")
			if code != 1 || !strings.Contains(line, "they look like channels last, whose axes are "+c.last+"; --axes says so") || strings.Count(line, "\n") != 1 {
				t.Errorf("code %d: %s", code, line)
			}
		})
	}
}

// An array that suits a network both with channels first and last is not judged before --axes says which.
func TestChannelsFirstOrLast(t *testing.T) {
	dir := t.TempDir()
	x := make([]float32, 4*6*6)
	for i := range x {
		x[i] = float32(i*7919%101)/50 - 1
	}
	golden.Save(t, filepath.Join(dir, "x.npy"), npy.Float32, []int{4, 6, 6}, x)
	must(t, dir, `set -e
		gpgen -n 4 --shape 6 --scales 1,2 --power 1 --format npy --labels y.npy -o other.npy
		printf 'input c=6 w=6\nflatten\nlinear out=2\n' > net.txt
		bdtrain x.npy --labels y.npy --axes NCT --net net.txt --epochs 1 --quiet -o model
		bdeval -m model x.npy --labels y.npy --axes NCT --quiet --scores-out first.npy > report
		bdeval -m model x.npy --labels y.npy --axes NTC --quiet --scores-out last.npy > report
		! cmp -s first.npy last.npy`)
	for _, judge := range []string{"bdtrain x.npy --labels y.npy --net net.txt", "bdeval -m model x.npy --labels y.npy", "maskviz -m model --mode overlay x.npy"} {
		code, out, line := shell(t, dir, judge)
		tool, _, _ := strings.Cut(judge, " ")
		if want := tool + ": reading x.npy: the network takes samples of 6×6 with channels first (axes NCT) as well as last (NTC); say which with --axes\n"; code != 1 || out != "" || line != want {
			t.Errorf("%s: code %d, %q, want %q", judge, code, line, want)
		}
	}
}
