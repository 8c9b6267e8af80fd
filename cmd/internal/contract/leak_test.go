package contract

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/engine"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// A source that is given up anywhere and closed, and a runner that nobody holds, leave no goroutine and no open file.
func TestNothingIsLeftOpen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc")
	}
	dir := t.TempDir()
	must(t, dir, `set -e
		gpgen -n 9 --size 64 --scales 2,3:8 -o data.tar.zst
		gpgen -n 9 --size 64 --scales 2,3:8 --format npy --labels y.npy -o x.npy`)
	zst, err := os.ReadFile(filepath.Join(dir, "data.tar.zst"))
	if err != nil {
		t.Fatal(err)
	}
	network, err := net.Parse("input c=1 h=64 w=64\nconv out=8 kernel=3 pad=1\nrelu\ngap\nlinear out=2\n")
	if err != nil {
		t.Fatal(err)
	}
	open := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	goroutines, files := runtime.NumGoroutine(), open()
	const rounds = 20
	for samples := range rounds {
		for _, name := range []string{"data.tar.zst", "x.npy", ""} {
			var o dataset.Options
			if strings.HasSuffix(name, ".npy") {
				o.Labels = filepath.Join(dir, "y.npy")
			}
			if name != "" {
				name = filepath.Join(dir, name)
			}
			s, err := dataset.Open(name, bytes.NewReader(zst[:len(zst)/2]), o)
			if err != nil {
				t.Fatal(err)
			}
			for range samples {
				if _, err := s.Next(); err != nil {
					break // the end, or where stdin is cut
				}
			}
			s.Close()
		}
		if _, err := dataset.Load("", bytes.NewReader(zst[:len(zst)*samples/rounds]), dataset.Options{Memory: 1}); err == nil {
			t.Error("a cut stream was loaded")
		}
		if _, err := stream.NewReader(bytes.NewReader(zst[:samples]), stream.Limits{}); err == nil {
			t.Error("a cut stream was opened")
		}
		w, err := net.NewWeights(network)
		if err != nil {
			t.Fatal(err)
		}
		r, err := engine.NewRunner(network, w, 4)
		if err != nil {
			t.Fatal(err)
		}
		r.Forward(pixels.InMemory([][]float32{make([]float32, network.Input.Len())}, network.Input.C), nil)
	}
	for begin := time.Now(); time.Since(begin) < 10*time.Second; time.Sleep(10 * time.Millisecond) {
		runtime.GC() // a runner's goroutines end when it is collected
		if runtime.NumGoroutine() <= goroutines && open() <= files {
			return
		}
	}
	t.Errorf("%d goroutines and %d files after %d rounds, %d and %d before", runtime.NumGoroutine(), open(), rounds, goroutines, files)
}
