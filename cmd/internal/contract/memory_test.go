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

// usage is what a process takes of the system.
type usage struct {
	peak           int // kB that it had resident at most
	files, threads int
}

func (u usage) String() string {
	return fmt.Sprintf("%d kB at most, %d files, %d threads", u.peak, u.files, u.threads)
}

// look returns what a process takes now.
func look(t *testing.T, process *os.Process) (u usage) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Pid))
	list, err2 := os.ReadDir(fmt.Sprintf("/proc/%d/fd", process.Pid))
	if err = errors.Join(err, err2); err != nil {
		t.Error(err)
		return u
	}
	u.files = len(list)
	for name, v := range map[string]*int{"VmHWM:": &u.peak, "Threads:": &u.threads} {
		_, after, _ := strings.Cut(string(status), name)
		if _, err := fmt.Sscan(after, v); err != nil {
			t.Error(err)
		}
	}
	return u
}

// within reports more than a process took before, but for so many kB, and what is chance: when the collector runs, and
// when Go's runtime opens the two files of its poller and starts a thread.
func (u usage) within(t *testing.T, early usage, grows int) {
	const noise, poller, threads = 16 << 10, 2, 6
	if u.peak > early.peak+grows+noise || u.files > early.files+poller || u.threads > early.threads+threads {
		t.Errorf("from %v to %v, at most %d kB more were expected", early, u, grows)
	}
}

// A stream can go on for ever: after 10⁵ samples a tool has as much memory as after 2·10⁴, and it is less than --memory.
// Of scores bdeval keeps 8 bytes each, and with them the label.
func TestEndlessStream(t *testing.T) {
	takesLong(t)
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
		{"bdtrain --epochs 1 --classes 4 --axes HW --quiet -o out.tar.zst", 0},
		{"bdeval -m m.tar.zst --quiet --metrics accuracy", samples * (4*8 + 8) / 1024},
		{"bdeval predict -m m.tar.zst --quiet", 0},
	} {
		t.Run(strings.Join(strings.Fields(c.tool)[:2], " "), func(t *testing.T) {
			args := strings.Fields(c.tool + " --memory 48M")
			tool := exec.Command(args[0], args[1:]...)
			tool.Dir = dir
			var stderr bytes.Buffer
			tool.Stderr = &stderr
			var early, late usage
			look := func(done int) {
				switch done {
				case samples / 5:
					early = look(t, tool.Process)
				case samples:
					late = look(t, tool.Process)
				}
			}
			begin := time.Now()
			if args[0] == "gpgen" {
				read(t, tool, samples, look)
			} else {
				feed(t, tool, samples, look)
			}
			t.Logf("%d samples in %.1f s: %v after a fifth, %v at the end", samples, time.Since(begin).Seconds(), early, late)
			if stderr.Len() > 0 {
				t.Errorf("standard error: %s", &stderr)
			}
			late.within(t, early, c.grows)
			if late.peak > limit {
				t.Errorf("%v, but --memory is %d kB", late, limit)
			}
		})
	}
}

// Maskviz takes as many samples as it draws, and goes away.
func TestEndlessStreamDrawn(t *testing.T) {
	_, codes, stderr := shell(t, t.TempDir(), "gpgen -n 0 --size 32 --scales 1,1.5:4 | maskviz --net pooled --mode gradient --batch 3 --memory 48M > sheet.png; echo ${PIPESTATUS[*]}")
	if codes != "141 0\n" || stderr != "" {
		t.Errorf("codes %q, standard error %q", codes, stderr)
	}
}

// Predictions of samples without end can be cut off.
func TestEndlessPredictions(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, "gpgen -n 20 --size 8 --scales 1,1.5:2,3 | bdtrain --epochs 1 --quiet -o m.tar.zst")
	_, out, stderr := shell(t, dir, "gpgen -n 0 --size 8 --scales 1,1.5:2,3 | bdeval predict -m m.tar.zst --memory 48M | head -n 5; echo ${PIPESTATUS[*]}")
	lines := strings.Split(out, "\n")
	if len(lines) != 7 || !strings.HasPrefix(lines[0], "key,label,predicted,p_1-2,") || !strings.HasPrefix(lines[4], "000003,1.5-3,") || lines[5] != "141 141 0" || stderr != "" {
		t.Errorf("got %q, standard error %q", lines, stderr)
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
