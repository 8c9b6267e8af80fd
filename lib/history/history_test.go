package history

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"backdrop/lib/draw"
	"backdrop/lib/run"
)

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
			l.Epochs = append(l.Epochs, run.Record{Epoch: i + 1, Loss: loss, Accuracy: math.NaN()})
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
	crowd := []Log{log("a-1.jsonl", 1), log("b-1.jsonl", 1), log("c-1.jsonl", 1), log("d-1.jsonl", 1)}
	crowd[2].Epochs[0].ValLoss = &v
	if got, err := Curves(crowd); err != nil || len(got.Panels) != 2 || got.Panels[0].Y != "training loss" || len(got.Panels[0].Trends) != 4 || got.Panels[1].Y != "validation loss" || got.Panels[1].Trends[0].Arm != 2 {
		t.Errorf("four arms: %+v, %v", got, err)
	}
	var pairs []Log
	for _, name := range []string{"a-1", "b-1", "c-1", "d-1", "a-2", "b-2", "c-2", "d-2"} {
		pairs = append(pairs, log(name, 1))
	}
	if got, err := Curves(pairs); err != nil || got.Title != "Loss by epoch, 2 runs each" || !reflect.DeepEqual(got.Arms, []string{"a", "b", "c", "d"}) {
		t.Errorf("runs of four arms: %+v, %v", got, err)
	}
	if got, err := Curves(append(pairs, log("d-3", 1))); err != nil || got.Title != "Loss by epoch" || got.Arms[3] != "d (3 runs)" {
		t.Errorf("more of one arm: %+v, %v", got, err)
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
		log, _, err := run.ReadLog(strings.NewReader(text))
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
