package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"backdrop/lib/train"
)

// FuzzLog: of a log that was cut or damaged, a resumed run keeps the whole lines of the epochs that are finished.
func FuzzLog(f *testing.F) {
	var lines []byte
	for epoch := range 4 {
		line, err := json.Marshal(train.Record{Epoch: epoch + 1})
		if err != nil {
			f.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	for _, log := range [][]byte{lines, lines[:len(lines)-1], lines[:len(lines)-5], []byte("\n"), []byte("{}"), []byte(`{"epoch":1e999}`), []byte("[[[[\n"), {0}} {
		f.Add(log, 3)
	}
	name := filepath.Join(f.TempDir(), "log.jsonl")
	f.Fuzz(func(t *testing.T, log []byte, finished int) {
		if finished < 1 {
			return
		}
		kept := resumedLog(t, name, log, finished)
		if !bytes.HasPrefix(log, kept) || len(kept) > 0 && kept[len(kept)-1] != '\n' {
			t.Fatalf("of %q is kept %q", log, kept)
		}
		for line := range bytes.Lines(kept) {
			var r train.Record
			if err := json.Unmarshal(line, &r); err != nil || r.Epoch > finished {
				t.Fatalf("kept %q: %v", line, err)
			}
		}
		if again := resumedLog(t, name, kept, finished); !bytes.Equal(again, kept) {
			t.Fatalf("of %q is kept %q", kept, again)
		}
	})
}

// resumedLog is what a run that has finished so many epochs keeps of a log.
func resumedLog(t *testing.T, name string, log []byte, finished int) []byte {
	t.Helper()
	if err := os.WriteFile(name, log, 0o666); err != nil {
		t.Fatal(err)
	}
	l, err := openLog(name, finished)
	if err == nil {
		err = l.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
