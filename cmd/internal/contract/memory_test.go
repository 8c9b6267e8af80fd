package contract

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/rng"
)

// side is that of a small sample.
const side = 8

// resident returns the memory that a process has had resident at most, in kB, and how many files it has open.
func resident(t *testing.T, process *os.Process) (peak, files int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &peak); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return peak, len(list)
}

// A stream can go on for ever: after 10⁵ samples a tool has as much memory as after 2·10⁴, and it is less than --memory.
// Of scores bdeval keeps 8 bytes each, and with them the label.
func TestEndlessStream(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc")
	}
	const samples, limit = 100_000, 48 << 10 // kB
	dir := t.TempDir()
	must(t, dir, "gpgen -n 20 --size 8 --scales 1,1.5:2,3 | bdtrain --epochs 1 --quiet -o m.tar.zst")
	for _, c := range []struct {
		tool  string
		grows int // kB between the two moments that are compared
	}{
		{"gpgen -n 0 --size 8 --scales 1,1.5:2,3", 0},
		{"bdtrain --epochs 1 --classes 4 --quiet -o out.tar.zst", 0},
		{"bdeval -m m.tar.zst --quiet --metrics accuracy", samples * (4*8 + 8) / 1024},
	} {
		t.Run(strings.Fields(c.tool)[0], func(t *testing.T) {
			args := strings.Fields(c.tool + " --memory 48M")
			tool := exec.Command(args[0], args[1:]...)
			tool.Dir = dir
			var stderr bytes.Buffer
			tool.Stderr = &stderr
			early, late := 0, 0
			var open [2]int
			look := func(done int) {
				switch done {
				case samples / 5:
					early, open[0] = resident(t, tool.Process)
				case samples:
					late, open[1] = resident(t, tool.Process)
				}
			}
			begin := time.Now()
			if args[0] == "gpgen" {
				read(t, tool, samples, look)
			} else {
				feed(t, tool, samples, look)
			}
			t.Logf("%d samples in %.1f s: %d kB at most after a fifth, %d kB at the end, %d and %d files", samples, time.Since(begin).Seconds(), early, late, open[0], open[1])
			if stderr.Len() > 0 {
				t.Errorf("standard error: %s", &stderr)
			}
			const noise = 4 << 10 // kB: when the collector runs is chance
			if late > early+c.grows+noise || late > limit || open[1] > open[0] {
				t.Errorf("%d kB after a fifth, %d kB at the end, want at most %d more and %d in all; %d and %d files", early, late, c.grows+noise, limit, open[0], open[1])
			}
		})
	}
}

// read takes samples from a tool that has no end of them, and then closes the pipe, of which the tool dies in silence.
func read(t *testing.T, tool *exec.Cmd, samples int, look func(done int)) {
	out, err := tool.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	r, err := stream.NewReader(bufio.NewReader(out), stream.Limits{})
	for i := 1; i <= samples && err == nil; i++ {
		var s *stream.Sample
		if s, err = r.Next(); err == nil {
			r.Reuse(s.X)
			look(i)
		}
	}
	if err != nil {
		t.Error(err)
	}
	out.Close()
	if tool.Wait(); !strings.Contains(tool.ProcessState.String(), "broken pipe") {
		t.Errorf("the tool ended with %v", tool.ProcessState)
	}
}

// feed gives a tool samples on its standard input, and ends the stream.
func feed(t *testing.T, tool *exec.Cmd, samples int, look func(done int)) {
	in, err := tool.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(in)
	w, err := stream.NewWriter(out, stream.None)
	s := &stream.Sample{Shape: []int{side, side}, X: make([]float32, side*side), HasLabel: true}
	r := rng.New(1, rng.Field)
	for i := 1; i <= samples && err == nil; i++ {
		s.Key, s.Label = fmt.Sprintf("%06d", i), i%4
		for j := range s.X {
			s.X[j] = r.Float32() + float32(s.Label)
		}
		if err = w.WriteSample(s, npy.Float32); err == nil {
			look(i)
		}
	}
	if err = errors.Join(err, w.Close(), out.Flush(), in.Close(), tool.Wait()); err != nil {
		t.Errorf("%v; %v", err, tool.Stderr)
	}
}
