package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"backdrop/lib/train"
)

// epochLog writes one JSON object an epoch, and remembers them; the zero value writes nothing.
type epochLog struct {
	file   *os.File
	epochs []train.Record
}

// openLog opens the log of a run that has finished so many epochs already. A resumed run keeps the lines of these
// epochs, so that none is missing and none there twice.
func openLog(name string, finished int) (*epochLog, error) {
	if name == "" {
		return &epochLog{}, nil
	}
	l, kept := &epochLog{}, []byte{}
	if finished > 0 {
		old, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		for line := range bytes.Lines(old) {
			var r train.Record
			if !bytes.HasSuffix(line, []byte("\n")) || json.Unmarshal(line, &r) != nil || r.Epoch > finished {
				break
			}
			kept = append(kept, line...)
			l.epochs = append(l.epochs, r)
		}
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(kept); err != nil {
		f.Close()
		return nil, err
	}
	l.file = f
	return l, nil
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

// Close closes the log; a second call does nothing.
func (l *epochLog) Close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
