package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/urfave/cli/v2"

	"backdrop/internal/testkit/hostile"
	"backdrop/lib/run"
)

// FuzzLog: of a log that was cut or damaged, a resumed run keeps the whole lines of the epochs that are finished, or it
// refuses it as it is.
func FuzzLog(f *testing.F) {
	var lines []byte
	for epoch := range 4 {
		line, err := json.Marshal(run.Record{Epoch: epoch + 1})
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
		kept, err := resumedLog(t, name, log, finished)
		if err != nil {
			if hostile.OneLine(t, err); !bytes.Equal(kept, log) {
				t.Fatalf("refused, but %q became %q", log, kept)
			}
			return
		}
		if !bytes.HasPrefix(log, kept) || len(kept) > 0 && kept[len(kept)-1] != '\n' {
			t.Fatalf("of %q is kept %q", log, kept)
		}
		for line := range bytes.Lines(kept) {
			var r run.Record
			if err := json.Unmarshal(line, &r); err != nil || r.Epoch > finished {
				t.Fatalf("kept %q: %v", line, err)
			}
		}
		if again, err := resumedLog(t, name, kept, finished); err != nil || !bytes.Equal(again, kept) {
			t.Fatalf("of %q is kept %q, %v", kept, again, err)
		}
	})
}

// FuzzConfig: a config is refused in one line, or what is read of it is read again from its lines.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{"net pooled\nepochs 3\n", "# a comment\n\n\tmask  fine=0.5:NHW \r\nno-masks", "epoch 3", "epochs=3", "--lr 1", "config a", "help", "lr", "o -", "\ufeffseed 1", "class-weights \"a,b=2\"", "\x00", "\xff", "(\xb5/\xfd", "epochs 1\nepochs 2"} {
		f.Add([]byte(text))
	}
	name := filepath.Join(f.TempDir(), "run.conf")
	read := func(t *testing.T, text []byte) (*given, error) {
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
		return defaults().readGiven(name)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := read(t, text)
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		if g.own != nil || g.init {
			return // a model
		}
		lines := []byte("# these\n") // a file of nothing at all is refused
		for _, s := range g.settings {
			value := " " + s.value
			if _, isBool := defaults().find(s.name).(*cli.BoolFlag); isBool {
				value = ""
			}
			lines = append(lines, s.name+value+"\n"...)
		}
		again, err := read(t, lines)
		if err != nil || len(again.settings) != len(g.settings) {
			t.Fatalf("of %q is read %+v, of its lines %q %+v, %v", text, g, lines, again, err)
		}
		for i, s := range g.settings {
			if o := again.settings[i]; o.name != s.name || o.value != s.value {
				t.Fatalf("%+v is read again as %+v", s, o)
			}
		}
	})
}

// resumedLog is what is in a log when a run that has finished that many epochs has opened it.
func resumedLog(t *testing.T, name string, log []byte, finished int) (kept []byte, err error) {
	t.Helper()
	if err := os.WriteFile(name, log, 0o666); err != nil {
		t.Fatal(err)
	}
	l, err := openLog(name, finished)
	if err == nil {
		err = l.Close()
	}
	kept, errRead := os.ReadFile(name)
	if errRead != nil {
		t.Fatal(errRead)
	}
	return kept, err
}
