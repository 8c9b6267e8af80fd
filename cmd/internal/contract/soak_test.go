//go:build linux

package contract

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"backdrop/cmd/internal/tooltest"
)

var soakTime = flag.Duration("soak", 5*time.Second, "how long TestSoak goes on")

// A soak is pipelines gpgen | bdtrain and gpgen | bdeval, over and over, with faults. Whatever happens, a tool ends with
// the code that belongs to it, its result is whole or not there, and nothing is left behind.
type soak struct {
	dir    string
	data   []byte // of seed 1, as all runs get it
	model  []byte // what bdtrain makes of it
	report []byte // what bdeval says of both

	many  []byte // samples that need more memory than --memory 32M leaves
	small string // folder on a disk with next to no room; "" if none can be had

	mu     sync.Mutex
	faults map[string]int
	tools  int // that ran
}

const (
	draws  = "gpgen -n 40 --size 16 --scales 1,1.5:3,5"
	trains = "bdtrain --epochs 6 --batch 4 --mask fine=0.5:NHW --quiet"
)

func TestSoak(t *testing.T) {
	takesLong(t)
	s := &soak{dir: t.TempDir(), faults: map[string]int{}}
	must(t, s.dir, fmt.Sprintf(`set -e
		%s -o data; %s -o model < data; bdeval -m model -o report < data
		gpgen -n 600 --size 64 --scales 5,6:20 -o many
		printf '%%s\n' 'input c=1 h=64 w=64' 'avgpool kernel=8' 'conv out=4 kernel=3' relu gap 'linear out=2' > small.txt`, draws, trains))
	for name, b := range map[string]*[]byte{"data": &s.data, "model": &s.model, "report": &s.report, "many": &s.many} {
		var err error
		if *b, err = os.ReadFile(filepath.Join(s.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if os.Geteuid() == 0 || os.Getenv("BACKDROP_REQUIRE") != "" {
		s.small = tooltest.SmallDisk(t, 16<<10)
	} else {
		t.Log("only root can have a small disk: full devices stand for it")
	}
	end := time.Now().Add(*soakTime)
	var wg sync.WaitGroup
	wg.Go(func() { s.long(t, end) })
	for worker := range 2 * runtime.NumCPU() { // more than there are processors: the tools work under load
		wg.Go(func() {
			for run := 0; run == 0 || time.Now().Before(end) && !t.Failed(); run++ {
				s.one(t, rand.New(rand.NewPCG(uint64(worker), uint64(run))), fmt.Sprintf("%d-%d", worker, run))
			}
		})
	}
	wg.Wait()
	runs := 0
	for _, fault := range slices.Sorted(maps.Keys(s.faults)) {
		runs += s.faults[fault]
		t.Logf("%7d  %s", s.faults[fault], fault)
	}
	t.Logf("%7d  pipelines, %d tools, in %v", runs, s.tools, *soakTime)
}

// long runs a stream that goes on as long as the soak, and looks at its tools from time to time: they take no more memory,
// files and threads at the end than after a quarter. Then the stream is cut.
func (s *soak) long(t *testing.T, end time.Time) {
	begin := time.Now()
	p := &pipeline{t: t, soak: s, dir: filepath.Join(s.dir, "long")}
	if err := os.MkdirAll(filepath.Join(p.dir, "tmp"), 0o777); err != nil {
		t.Error(err)
		return
	}
	all := p.start(nil, "gpgen -n 0 --size 16 --scales 1,1.5:3,5", "bdtrain --epochs 1 --quiet -o m")
	look := func() (now [2]usage) {
		for i, m := range all {
			now[i] = look(t, m.Process)
		}
		return now
	}
	time.Sleep(time.Until(begin.Add(end.Sub(begin) / 4)))
	early := look()
	time.Sleep(time.Until(end))
	late := look()
	all[0].Process.Signal(syscall.SIGTERM)
	p.want(all[0], 143)
	p.whole("m", nil, p.want(all[1], 1))
	for i, m := range all {
		t.Logf("%s: %v after a quarter, %v at the end", m.Args[0], early[i], late[i])
		late[i].within(t, early[i], 0)
	}
}

// one runs a pipeline with a fault, or without one.
func (s *soak) one(t *testing.T, r *rand.Rand, name string) {
	dir := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o777); err != nil {
		t.Error(err)
		return
	}
	defer os.RemoveAll(dir)
	p := &pipeline{t: t, soak: s, r: r, dir: dir}
	fault := faults[r.IntN(len(faults))](p)
	if names := leftovers(t, dir); len(names) > 0 {
		t.Errorf("%s: left over: %v", fault, names)
	}
	if list, err := os.ReadDir(filepath.Join(dir, "tmp")); err != nil || len(list) > 0 {
		t.Errorf("%s: %d temporary files, %v", fault, len(list), err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[fault]++
}

// A pipeline is one run of tools in a folder.
type pipeline struct {
	t    *testing.T
	soak *soak
	r    *rand.Rand
	dir  string
}

// A member is a tool that runs in a pipe.
type member struct {
	*exec.Cmd
	stderr bytes.Buffer
}

// start starts tools in a pipe, the first of which reads in. A TMPDIR=… behind them is theirs.
func (p *pipeline) start(in []byte, commands ...string) []*member {
	return p.startTo(nil, in, commands...)
}

// startTo is start with standard output, which else is /dev/null.
func (p *pipeline) startTo(out *os.File, in []byte, commands ...string) []*member {
	env := append(os.Environ(), "TMPDIR="+filepath.Join(p.dir, "tmp"))
	if last := commands[len(commands)-1]; strings.HasPrefix(last, "TMPDIR=") {
		commands, env = commands[:len(commands)-1], append(env, last)
	}
	p.soak.mu.Lock()
	p.soak.tools += len(commands)
	p.soak.mu.Unlock()
	var all []*member
	var next *os.File
	for i, command := range commands {
		args := strings.Fields(command)
		m := &member{Cmd: exec.Command(args[0], args[1:]...)}
		m.Dir, m.Stderr, m.Env = p.dir, &m.stderr, env
		if i == 0 && in != nil {
			m.Stdin = bytes.NewReader(in)
		} else if next != nil {
			m.Stdin = next
		}
		var r, w *os.File
		if i < len(commands)-1 {
			var err error
			if r, w, err = os.Pipe(); err != nil {
				panic(err) // no pipes, no processes: not the tools' fault
			}
			m.Stdout = w
		} else if out != nil {
			m.Stdout = out
		}
		if err := m.Start(); err != nil {
			panic(err) // no pipes, no processes: not the tools' fault
		}
		for _, f := range []*os.File{next, w} { // the tool has its own
			if f != nil {
				f.Close()
			}
		}
		next, all = r, append(all, m)
	}
	return all
}

// end waits for a tool and returns its code, as a shell does.
func (m *member) end() int {
	m.Wait()
	if status := m.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return m.ProcessState.ExitCode()
}
