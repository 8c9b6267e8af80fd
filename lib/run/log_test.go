package run

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadLog(t *testing.T) {
	log, cut, err := ReadLog(strings.NewReader(`{"epoch":3,"loss":1.5,"accuracy":0.5,"seconds":2,"what":"else"}` + "\n\n" +
		`{"epoch":5,"val_loss":2,"accuracy":null}` + "\r\n" + `{"epoch":6,"lo`))
	if err != nil || len(log) != 2 || cut != 4 {
		t.Fatalf("%d epochs, line %d is cut, %v", len(log), cut, err)
	}
	if e := log[0]; e.Epoch != 3 || e.Loss != 1.5 || e.Accuracy != 0.5 || e.Seconds != 2 || e.ValLoss != nil {
		t.Errorf("got %+v", e)
	}
	if e := log[1]; e.Epoch != 5 || !math.IsNaN(e.Loss) || !math.IsNaN(e.Accuracy) || *e.ValLoss != 2 || e.ValAccuracy != nil {
		t.Errorf("what is missing: got %+v", e)
	}
	if log, cut, err := ReadLog(strings.NewReader(`{"epoch":1,"loss":1}`)); err != nil || len(log) != 1 || cut != 0 {
		t.Errorf("a last line without an end: %d epochs, %v", len(log), err)
	}
}

func TestReadLogErrors(t *testing.T) {
	const good = `{"epoch":1,"loss":1}` + "\n"
	for text, want := range map[string]string{
		"":                                     "there is no epoch in the log",
		`{"epoch":1,"loss":1`:                  "there is no epoch in the log",
		good + "no JSON\n" + good:              "line 2: this is no JSON object of an epoch",
		good + "[1,2]\n":                       "line 2: this is no JSON object of an epoch",
		good + `{"epoch":2,"loss":"low"}`:      "line 2: this is no JSON object of an epoch",
		good + `{"epoch":2,"loss":NaN}` + "\n": "line 2: NaN and Infinity are no numbers of JSON",
		good + `{"epoch":2,"loss":1e999}`:      "line 2: ",
		good + `{"epoch":2,"loss":-1e200}`:     "line 2: -1e+200 is beyond",
		good + `{"loss":1}`:                    "line 2: there is no epoch",
		good + good:                            "line 2: epoch 1 comes after epoch 1",
		`{"epoch":1,"step":7}`:                 "no line has a loss or an accuracy",
		strings.Repeat(" ", maxLine+1):         "a line is longer than",
	} {
		if _, _, err := ReadLog(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: got %v, want %s", text, err, want)
		}
	}
	if _, _, err := ReadLog(iotest.ErrReader(iotest.ErrTimeout)); err != iotest.ErrTimeout {
		t.Errorf("got %v", err)
	}
}

// Of a log, the whole lines of the finished epochs are kept, from whichever epoch it begins with.
func TestFinishedPart(t *testing.T) {
	var lines [][]byte
	for epoch := range 5 {
		line, err := Record{Epoch: epoch + 1, Loss: 0.5}.Line()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	all := bytes.Join(lines, nil)
	for _, c := range []struct {
		log      []byte
		finished int
		kept     int // lines
		err      string
	}{
		{all, 3, 3, ""}, {all, 5, 5, ""}, {nil, 3, 0, ""}, {all[:len(lines[0])/2], 3, 0, ""}, {all[len(lines[0]):], 3, 2, ""},
		{all[2*len(lines[0]):], 2, 0, ""}, // begins behind
		{bytes.Join(lines[:3], nil)[:3*len(lines[0])-1], 3, 0, "it ends with epoch 2, but the checkpoint has finished 3"},
		{bytes.Join(lines[:2], nil), 3, 0, "it ends with epoch 2"},
		{append(bytes.Clone(lines[0]), lines[2]...), 3, 0, "does not follow that of epoch 1"},
		{[]byte("text"), 3, 0, `"text" is no line of a log`},
		{[]byte("text\n"), 3, 0, "does not follow"},
	} {
		records, size, err := FinishedPart(bytes.NewReader(c.log), c.finished)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v, want %s", c.log, err, c.err)
			}
			continue
		}
		if err != nil || len(records) != c.kept || size != int64(c.kept*len(lines[0])) {
			t.Errorf("%q: %d records, %d bytes, %v; want %d lines", c.log, len(records), size, err, c.kept)
		}
	}
	if _, _, err := FinishedPart(iotest.ErrReader(iotest.ErrTimeout), 1); err != iotest.ErrTimeout {
		t.Errorf("got %v", err)
	}
}
