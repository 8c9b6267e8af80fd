package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/run"
)

// epochLog writes a line for each epoch (package run), and remembers the records; the zero value writes nothing.
type epochLog struct {
	file    *os.File
	regular bool
	shared  bool  // open before, and left open
	kept    int64 // bytes of a log that goes on
	epochs  []run.Record
}

// openLog opens the log of a run that has finished that many epochs already. A resumed run keeps the lines of these
// epochs, so that none is missing and none is there twice. Lines behind them are cut off; nothing else is ever deleted. A
// log may begin with any epoch, because a resumed run may have a new log.
func openLog(name string, finished int) (*epochLog, error) {
	if name == "" {
		return &epochLog{}, nil
	}
	if f, ok := tool.Descriptor(name); ok {
		return &epochLog{file: f, shared: true}, nil
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		return &epochLog{file: f}, err
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	l := &epochLog{file: f, regular: true}
	if !tool.Hold(f) {
		f.Close()
		return nil, fmt.Errorf("--log %s: another process is writing it; wait, or name another file", name)
	}
	if finished > 0 {
		err = l.keep(name, finished)
	}
	if err == nil {
		err = f.Truncate(l.kept)
	}
	if err == nil {
		_, err = f.Seek(l.kept, io.SeekStart)
	}
	if err == nil {
		err = tool.SyncFolder(name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

// keep reads the lines of the finished epochs.
func (l *epochLog) keep(name string, finished int) (err error) {
	l.epochs, l.kept, err = run.FinishedPart(l.file, finished)
	if pe := (*fs.PathError)(nil); err == nil || errors.As(err, &pe) {
		return err
	}
	return fmt.Errorf("--log %s: %w; give the resumed run a log of another name", name, err)
}

func (l *epochLog) write(r run.Record) error {
	l.epochs = append(l.epochs, r)
	if l.file == nil {
		return nil
	}
	line, err := r.Line()
	if err == nil {
		_, err = l.file.Write(line)
	}
	return err
}

// sync puts what was written on disk.
func (l *epochLog) sync() error {
	if !l.regular || l.file == nil {
		return nil
	}
	return l.file.Sync()
}

// Close closes the log; a second call does nothing.
func (l *epochLog) Close() error {
	if l.file == nil || l.shared {
		l.file = nil
		return nil
	}
	written, err := l.file.Stat()
	err = errors.Join(err, l.file.Close())
	if there, gone := os.Stat(l.file.Name()); err == nil && (gone != nil || !os.SameFile(written, there)) {
		err = fmt.Errorf("--log %s: the file was removed or replaced while it was being written", l.file.Name())
	}
	l.file = nil
	return err
}
