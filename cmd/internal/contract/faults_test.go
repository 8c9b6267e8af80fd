//go:build linux

package contract

import (
	"bytes"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// faults are what a run can meet. Each returns its name, with what came of it.
var faults = []func(*pipeline) string{
	(*pipeline).none, (*pipeline).cut, (*pipeline).flip, (*pipeline).flipModel, (*pipeline).kill, (*pipeline).interrupt,
	(*pipeline).full, (*pipeline).smallDisk, (*pipeline).noDisk, (*pipeline).closed,
}

// want reports codes that a tool may not end with, and a failure that is not told on one line.
func (p *pipeline) want(m *member, codes ...int) (code int) {
	code = m.end()
	if !slices.Contains(codes, code) {
		p.t.Errorf("%v: code %d, want %v: %s", m.Args, code, codes, &m.stderr)
	}
	if lines := bytes.Count(m.stderr.Bytes(), []byte("\n")); (code > 0 && code < 128) != (lines == 1) && code != 130 {
		p.t.Errorf("%v: code %d and %d lines on standard error: %s", m.Args, code, lines, &m.stderr)
	}
	return code
}

// whole reports a result that is neither complete nor absent, or there although its tool failed, or absent although it did
// not. A tool that was killed may have been done.
func (p *pipeline) whole(name string, want []byte, code int) {
	got, err := os.ReadFile(filepath.Join(p.dir, name))
	if (err == nil) != (code == 0) && !(err == nil && code == 137) || err == nil && !bytes.Equal(got, want) {
		p.t.Errorf("code %d, but of %s there are %d of %d bytes, or others: %v", code, name, len(got), len(want), err)
	}
}

// none is no fault: nothing is lost on the way.
func (p *pipeline) none() string {
	for _, m := range p.start(nil, draws, trains+" -o m") {
		p.want(m, 0)
	}
	p.whole("m", p.soak.model, 0)
	for _, m := range p.start(nil, draws, "bdeval --quiet -m m -o report") {
		p.want(m, 0)
	}
	p.whole("report", p.soak.report, 0)
	return "none"
}

// cut ends the stream early.
func (p *pipeline) cut() string {
	p.whole("m", nil, p.want(p.start(p.soak.data[:p.r.IntN(len(p.soak.data))], trains+" -o m")[0], 1))
	return "stream cut"
}

// flipped returns a copy with another bit somewhere.
func (p *pipeline) flipped(b []byte) []byte {
	b = bytes.Clone(b)
	b[p.r.IntN(len(b))] ^= 1 << p.r.IntN(8)
	return b
}

// flip changes a bit of the stream: it is noticed, or it says nothing.
func (p *pipeline) flip() string {
	p.whole("m", p.soak.model, p.want(p.start(p.flipped(p.soak.data), trains+" -o m")[0], 0, 1))
	return "bit of a stream flipped"
}

// flipModel changes a bit of a model.
func (p *pipeline) flipModel() string {
	if err := os.WriteFile(filepath.Join(p.dir, "m"), p.flipped(p.soak.model), 0o666); err != nil {
		p.t.Error(err)
	}
	p.whole("report", p.soak.report, p.want(p.start(p.soak.data, "bdeval --quiet -m m -o report")[0], 0, 1))
	return "bit of a model flipped"
}

// wait waits for a part of the time that a run takes.
func (p *pipeline) wait(most time.Duration) { time.Sleep(time.Duration(p.r.Int64N(int64(most)))) }

// kill kills one of two tools in a pipe.
func (p *pipeline) kill() string {
	result, want, second := "m", p.soak.model, trains+" -o m"
	if p.r.IntN(2) == 0 {
		result, want, second = "report", p.soak.report, "bdeval --quiet -m ../model -o report"
	}
	all := p.start(nil, draws, second)
	victim := p.r.IntN(2)
	p.wait(200 * time.Millisecond)
	all[victim].Process.Kill()
	if victim == 0 {
		p.want(all[0], 0, 137)
		p.whole(result, want, p.want(all[1], 0, 1))
		return "first tool of a pipe killed"
	}
	p.whole(result, want, p.want(all[1], 0, 137))
	p.want(all[0], 0, 141)
	return "last tool of a pipe killed"
}

// interrupt ends a long training by a signal. If there is a model, it is a whole one.
func (p *pipeline) interrupt() string {
	m := p.start(p.soak.data, strings.Replace(trains, "--epochs 6", "--epochs 1000000", 1)+" -o m")[0]
	p.wait(400 * time.Millisecond)
	by := []os.Signal{syscall.SIGTERM, syscall.SIGINT}[p.r.IntN(2)]
	if signal.Ignored(by) { // from the start on, as by a job in a shell's background
		by = syscall.SIGTERM
	}
	m.Process.Signal(by)
	code := p.want(m, 130, 143) // 143: before it listens
	if _, err := os.Stat(filepath.Join(p.dir, "m")); err != nil {
		return "training interrupted before the first epoch"
	}
	if code != 130 {
		p.t.Errorf("code %d, and there is a model", code)
	}
	p.want(p.start(p.soak.data, "bdeval --quiet -m m --metrics loss -o report")[0], 0)
	return "training interrupted later"
}

// full writes to a full device.
func (p *pipeline) full() string {
	command := []string{draws + " --quiet -o /dev/full", trains + " -o /dev/full", "bdeval --quiet -m ../model -o /dev/full", "maskviz -m ../model -o /dev/full"}[p.r.IntN(4)]
	p.want(p.start(p.soak.data, command)[0], 1)
	return "full device"
}

// smallDisk writes to a file system that has less room than the result needs.
func (p *pipeline) smallDisk() string {
	if p.soak.small == "" {
		return p.full()
	}
	name := filepath.Join(p.soak.small, filepath.Base(p.dir))
	p.want(p.start(p.soak.data, []string{draws + " --quiet -o ", trains + " -o "}[p.r.IntN(2)]+name)[0], 1)
	if _, err := os.Stat(name); err == nil {
		p.t.Errorf("there is a %s", name)
	}
	return "small disk"
}

// noDisk has no room for samples that memory does not hold.
func (p *pipeline) noDisk() string {
	if p.soak.small == "" {
		return p.full()
	}
	m := p.start(p.soak.many, "bdtrain --net ../small.txt --epochs 1 --normalise data --quiet --memory 32M -o m", "TMPDIR="+p.soak.small)
	p.whole("m", nil, p.want(m[0], 1))
	return "small disk for temporary files"
}

// closed reads a little of what a tool writes, and goes away.
func (p *pipeline) closed() string {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err) // no pipes, no processes: not the tools' fault
	}
	command := []string{"gpgen -n 0 --size 16 --scales 1,1.5:3,5", trains, "bdeval --quiet -m ../model", "maskviz -m ../model"}[p.r.IntN(4)]
	n := int64(0)
	if strings.HasPrefix(command, "gpgen") {
		n = p.r.Int64N(1 << 20)
	} else {
		r.Close()
	}
	m := p.startTo(w, p.soak.data, command)[0]
	w.Close()
	io.CopyN(io.Discard, r, n)
	r.Close()
	p.want(m, 141)
	return "pipe closed"
}
