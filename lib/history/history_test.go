package history

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"backdrop/lib/draw"
	"backdrop/lib/train"
)

func TestRead(t *testing.T) {
	log, err := Read(strings.NewReader(`{"epoch":3,"loss":1.5,"accuracy":0.5,"seconds":2,"what":"else"}` + "\n\n" +
		`{"epoch":5,"val_loss":2,"accuracy":null}` + "\r\n" + `{"epoch":6,"lo`))
	if err != nil || len(log) != 2 {
		t.Fatalf("%d epochs, %v", len(log), err)
	}
	if e := log[0]; e.Epoch != 3 || e.Loss != 1.5 || e.Accuracy != 0.5 || e.Seconds != 2 || e.ValLoss != nil {
		t.Errorf("got %+v", e)
	}
	if e := log[1]; e.Epoch != 5 || !math.IsNaN(e.Loss) || !math.IsNaN(e.Accuracy) || *e.ValLoss != 2 || e.ValAccuracy != nil {
		t.Errorf("what is missing: got %+v", e)
	}
	if log, err := Read(strings.NewReader(`{"epoch":1,"loss":1}`)); err != nil || len(log) != 1 {
		t.Errorf("a last line without an end: %d epochs, %v", len(log), err)
	}
}

func TestReadErrors(t *testing.T) {
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
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: got %v, want %s", text, err, want)
		}
	}
	if _, err := Read(iotest.ErrReader(iotest.ErrTimeout)); err != iotest.ErrTimeout {
		t.Errorf("got %v", err)
	}
}

func TestArmSeed(t *testing.T) {
	for name, want := range map[string]string{
		"out/plain-12.json": "out/plain 12 true", "auc@1e-3-2.jsonl": "auc@1e-3 2 true", "log.jsonl": " 0 false", "-1": " 0 false",
	} {
		if got := strings.TrimSuffix(fmt.Sprintln(ArmSeed(name)), "\n"); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// Logs of one arm are its runs; figures that a log lacks make no line, others do.
func TestCurves(t *testing.T) {
	v := 0.25
	log := func(name string, losses ...float64) Log {
		l := Log{Name: name}
		for i, loss := range losses {
			l.Epochs = append(l.Epochs, train.Record{Epoch: i + 1, Loss: loss, Accuracy: math.NaN()})
		}
		return l
	}
	logs := []Log{log("out/a-1.jsonl", 3, math.NaN(), 1), log("out/b-1.jsonl", 2), log("out/a-2.jsonl", 4)}
	logs[1].Epochs[0].ValAccuracy = &v
	got, err := Curves(logs)
	if err != nil {
		t.Fatal(err)
	}
	want := []draw.TrendPanel{
		{Y: "loss", Magnitude: true, Trends: []draw.Trend{
			{Arm: 0, Runs: []draw.Run{{X: []float64{1, 3}, Y: []float64{3, 1}}, {X: []float64{1}, Y: []float64{4}}}},
			{Arm: 1, Runs: []draw.Run{{X: []float64{1}, Y: []float64{2}}}},
		}},
		{Y: "accuracy", Trends: []draw.Trend{{Arm: 1, Dashed: true, Runs: []draw.Run{{X: []float64{1}, Y: []float64{0.25}}}}}},
	}
	if !reflect.DeepEqual(got.Panels, want) {
		t.Errorf("got  %+v\nwant %+v", got.Panels, want)
	}
	if arms := []string{"a (2 runs)", "b-1"}; !reflect.DeepEqual(got.Arms, arms) || got.Title != "Loss and accuracy by epoch" {
		t.Errorf("got %q, %q", got.Arms, got.Title)
	}
	if got, _ := Curves([]Log{log("x/a.jsonl", 1), log("y/a.jsonl", 1)}); !reflect.DeepEqual(got.Arms, []string{"x/a", "y/a"}) {
		t.Errorf("two folders: got %q", got.Arms)
	}
	if _, err := Curves(nil); err == nil {
		t.Error("nothing to draw: no error")
	}
	var many []Log
	for i := range draw.MaxArms + 1 {
		many = append(many, log(strings.Repeat("x", i+1), 1))
	}
	if _, err := Curves(many); err == nil || !strings.HasPrefix(err.Error(), "there are 8 curves, and 7 colours") {
		t.Errorf("too many: got %v", err)
	}
}

// Whatever is read can be drawn: epochs rise, and there is a figure.
func FuzzRead(f *testing.F) {
	f.Add(`{"epoch":1,"loss":1.5,"accuracy":0.5,"val_loss":2}` + "\n" + `{"epoch":2,"loss":1}` + "\n" + `{"epoch":3`)
	f.Add(`{"epoch":1,"val_accuracy":null,"accuracy":-0}` + "\r\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		log, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for i := range log[1:] {
			if log[i].Epoch >= log[i+1].Epoch {
				t.Errorf("epoch %d comes after epoch %d", log[i+1].Epoch, log[i].Epoch)
			}
		}
		if _, err := Curves([]Log{{Name: "log", Epochs: log}}); err != nil {
			t.Error(err)
		}
	})
}
