package run

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"backdrop/lib/data"
)

// The last of the ⌈25/10⌉ steps of an epoch has five samples; a batch of 0 or of more than there are is all of them.
func TestBatchAt(t *testing.T) {
	for _, c := range []struct {
		batch, samples int
		want           []int // of steps 0, 1, …
	}{
		{10, 25, []int{10, 10, 5, 10, 10, 5}}, {5, 10, []int{5, 5, 5}}, {0, 25, []int{25, 25}}, {99, 25, []int{25, 25}},
		{10, 0, []int{10, 10}}, {-3, -3, []int{0}},
	} {
		training := Training{Settings: Settings{Batch: c.batch}, Last: &Record{Samples: c.samples}}
		for step, want := range c.want {
			if got := training.BatchAt(uint64(step)); got != want {
				t.Errorf("%d of %d: batch of step %d is %d, want %d", c.batch, c.samples, step, got, want)
			}
		}
	}
	if got := (Training{Settings: Settings{Batch: 10}}).BatchAt(7); got != 10 {
		t.Errorf("without a record: %d, want 10", got)
	}
	if got := (Training{Settings: Settings{Batch: 10}, Last: &Record{Samples: 25}}).BatchAt(math.MaxUint64); got != 10 { // 2⁶⁴−1 = 0 mod 3
		t.Errorf("last of all steps: got %d, want 10", got)
	}
}

func TestParseSeed(t *testing.T) {
	for text, want := range map[string]uint64{
		``: 0, `null`: 0, `7`: 0, `{}`: 0, `{"settings":{}}`: 0, `{"settings":{"seed":-1}}`: 0, `{"settings":{"seed":"1"}}`: 0, `{"seed":1}`: 0,
		`{"settings":{"seed":1}}`: 1, `{"other":[],"settings":{"seed":12345678901234567890,"x":1}}`: 12345678901234567890,
	} {
		if seed, ok := ParseSeed([]byte(text)); seed != want || ok != (want > 0) {
			t.Errorf("%s: %d, %v", text, seed, ok)
		}
	}
	if seed, ok := ParseSeed([]byte(`{"settings":{"seed":0}}`)); seed != 0 || !ok {
		t.Errorf("seed 0: %d, %v", seed, ok)
	}
}

// A training comes back as it was written, but for the clock.
func TestTrainingJSON(t *testing.T) {
	loss := 0.5
	want := Training{Settings: Settings{Net: "pooled", Epochs: 3, Seed: math.MaxUint64, Masks: []string{"fine=0.5"}}, Epochs: 3, Best: 2, Last: &Record{Epoch: 3, ValLoss: &loss, Seconds: 9}}
	text, err := want.JSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseTraining(text)
	if err != nil || got.Last.Seconds != 0 || want.Last.Seconds != 9 || *got.Last.ValLoss != loss || got.Best != 2 || FirstDifference(got.Settings, want.Settings) != nil {
		t.Errorf("%s came back as %+v, %v", text, got, err)
	}
	if _, err := ParseTraining([]byte(`{"settings":7}`)); err == nil {
		t.Error("settings that are a number: no error")
	}
}

// Every setting counts but for the epochs under a constant rate; an empty list is none.
func TestFirstDifference(t *testing.T) {
	base := Settings{Net: "pooled", Epochs: 3, Schedule: "const", Masks: []string{}}
	for want, change := range map[string]func(*Settings){
		"":             func(s *Settings) { s.Epochs, s.Masks = 4, nil },
		"net":          func(s *Settings) { s.Net = "" },
		"weight_decay": func(s *Settings) { s.WeightDecay = 1 },
		"mask":         func(s *Settings) { s.Masks = []string{"fine=0"} },
		"patience":     func(s *Settings) { s.Patience = 1 },
	} {
		other := base
		change(&other)
		if d := FirstDifference(base, other); want == "" && d != nil || want != "" && (d == nil || d.Name != want) {
			t.Errorf("%s: got %+v", want, d)
		}
	}
	cosine := base
	cosine.Schedule = "cosine"
	longer := cosine
	longer.Epochs = 9
	if d := FirstDifference(cosine, longer); d == nil || d.Name != "epochs" || d.A != 3 || d.B != 9 {
		t.Errorf("epochs of cosine: %+v", d)
	}
}

// A checkpoint comes back, in the format of today; those that a run would go on from to other results do not.
func TestCheckpointJSON(t *testing.T) {
	want := Checkpoint{Position: Position{Epoch: 1, Step: 7, Updates: 7, Partial: Partial{Steps: 2, Samples: 20, Fingerprint: data.Fingerprint{1}}}, Samples: 50, Data: data.Fingerprint{2}}
	text, err := want.JSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseCheckpoint(text, 2)
	want.Format = checkpointFormat
	if err != nil || got != want || got.Validate() != nil {
		t.Errorf("%s came back as %+v, %v", text, got, err)
	}
	for text, epochs := range map[string]int{`{}`: 2, `{"format":3}`: 2, `{"format":1,"samples":5}`: 1, `{"format":-1}`: 2} {
		var e *FormatError
		if _, err := ParseCheckpoint(json.RawMessage(text), epochs); !errors.As(err, &e) || e.Newest != checkpointFormat {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := ParseCheckpoint([]byte(`{"format":1,"samples":5}`), 2); err != nil {
		t.Error(err)
	}
	if _, err := ParseCheckpoint([]byte(`{"format":1}`), 1); err != nil {
		t.Errorf("a stream of format 1: %v", err)
	}
}

func TestPositionValidate(t *testing.T) {
	for what, p := range map[string]Position{
		"negative": {Epoch: -1}, "more updates than steps": {Step: 1, Updates: 2}, "more counted than used": {Step: 1, Partial: Partial{Steps: 1, Samples: 1, Counted: 2}},
		"best to come": {Epoch: 1, BestEpoch: 2}, "more hits than samples": {Partial: Partial{Hits: 1}},
	} {
		if p.Validate() == nil {
			t.Errorf("%s: no error", what)
		}
	}
	if err := (Position{Epoch: 1, Step: 3, Updates: 2, Partial: Partial{Steps: 1, Samples: 5, Counted: 5, Hits: 5}, BestEpoch: 1}).Validate(); err != nil {
		t.Error(err)
	}
}
