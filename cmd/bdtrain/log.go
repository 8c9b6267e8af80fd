package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/train"
)

// epochLog writes one JSON object an epoch, and remembers them; the zero value writes nothing.
type epochLog struct {
	file    *os.File
	regular bool
	shared  bool  // open before, and left open
	kept    int64 // bytes of a log that goes on
	epochs  []train.Record
}

// openLog opens the log of a run that has finished so many epochs already. A resumed run keeps the lines of these
// epochs, so that none is missing and none there twice: what was written after the checkpoint is cut off, nothing else
// is ever gone. A log may begin with any epoch, for a run can be resumed with a new one.
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

// lineStart begins every line.
const lineStart = `{"epoch":`

// keep reads the lines of the finished epochs.
func (l *epochLog) keep(name string, finished int) error {
	last := 0
	for in := bufio.NewReader(l.file); last < finished; {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) { // a line that is not whole was never finished
			if n := min(len(line), len(lineStart)); string(line[:n]) != lineStart[:n] {
				return fmt.Errorf("--log %s: %.60q is no line of a log; give the resumed run a log of another name", name, line)
			}
			break
		}
		if err != nil {
			return err
		}
		var r train.Record
		if err := json.Unmarshal(bytes.TrimSpace(line), &r); err != nil || r.Epoch < 1 || last > 0 && r.Epoch != last+1 {
			return fmt.Errorf("--log %s: its line %.60q does not follow that of epoch %d; give the resumed run a log of another name", name, line, last)
		}
		if r.Epoch > finished {
			break
		}
		l.kept, last = l.kept+int64(len(line)), r.Epoch
		l.epochs = append(l.epochs, r)
	}
	if l.kept > 0 && last < finished {
		return fmt.Errorf("--log %s: it ends with epoch %d, but the checkpoint has finished %d; give the resumed run a log of another name", name, last, finished)
	}
	return nil
}

func (l *epochLog) write(r train.Record) error {
	l.epochs = append(l.epochs, r)
	if l.file == nil {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	_, err = l.file.Write(append(line, '\n'))
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
