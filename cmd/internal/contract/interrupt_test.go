package contract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"backdrop/formats/npy"
)

// ^C ends bdeval within a batch that takes long, and nothing is written.
func TestInterruptedEvaluation(t *testing.T) {
	takesLong(t)
	dir := t.TempDir()
	const side = 4096
	for name, n := range map[string]int{"two": 2, "many": 200} {
		f, err := os.Create(filepath.Join(dir, name+".npy"))
		if err == nil {
			err = npy.WriteHeader(f, npy.Uint8, []int{n, side, side})
		}
		if err == nil { // zeros, of which the disk holds none
			err = f.Truncate(int64(n*side*side) + 128)
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if f, err = os.Create(filepath.Join(dir, name+"-y.npy")); err == nil {
			y := make([]int64, n)
			y[1] = 1
			err = npy.WriteInt64(f, []int{n}, y)
		}
		if err != nil || f.Close() != nil {
			t.Fatal(err)
		}
	}
	code, _, stderr := shell(t, dir, `bdtrain two.npy --labels two-y.npy --axes NHW --net crisp --batch 1 --epochs 1 --quiet -o model`)
	if code != 0 {
		t.Fatalf("code %d: %s", code, stderr)
	}
	for _, out := range []string{"", "-o scores"} {
		begin := time.Now()
		code, stdout, stderr := shell(t, dir, `timeout --preserve-status -s INT 3 bdeval -m model many.npy --labels many-y.npy --axes NHW --batch 200 --memory 2G `+out)
		if code != 130 || stdout != "" || strings.Count(stderr, "\n") > 0 {
			t.Errorf("code %d, %q on standard output, %q", code, stdout, stderr)
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 5 {
		t.Errorf("there are %v", names)
	}
	if parts, _ := filepath.Glob(filepath.Join(dir, ".*")); len(parts) > 0 {
		t.Errorf("%v are left", parts)
	}
}

// ^C while the model is written, when all epochs are finished, leaves the model whole. Another one ends bdtrain.
func TestInterruptWhileWriting(t *testing.T) {
	dir := t.TempDir()
	const train = "bdtrain data.tar --epochs 2 --threads 1"
	must(t, dir, "gpgen -n 8 --size 32 --scales 2,6 --power 1 --quiet -o data.tar && mkfifo pipe && "+train+" --quiet -o want")
	const interrupted = `(exec 3<pipe; until test -e go; do sleep 0.05; done; cat <&3 > got) & reader=$!
		` + train + ` -o pipe 2> log & tool=$!
		until grep -q "^epoch 2/2" log; do sleep 0.05; done
		sleep 0.5 # more is written than a pipe holds
		kill -INT $tool`
	if code, _, stderr := shell(t, dir, "set -m\n"+interrupted+`
		sleep 0.2; touch go; wait $tool; code=$?; wait $reader; cmp want got || exit 9; exit $code`); code != 0 {
		t.Errorf("one: code %d: %s", code, stderr)
	}
	code, _, stderr := shell(t, dir, "rm go; set -m\n"+interrupted+`
		sleep 1.5; kill -INT $tool; wait $tool; code=$?; touch go; wait $reader; exit $code`)
	if code != 130 {
		t.Errorf("two: code %d: %s", code, stderr)
	}
}
