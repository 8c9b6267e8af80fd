package train

import (
	"context"
	"reflect"
	"testing"

	"backdrop/lib/run"
)

// The state between any two pieces of work, before steps and inside a validation, goes on to the weights and records of
// the run it was taken of, which does not change by being asked.
func TestBetween(t *testing.T) {
	c := config()
	c.Epochs, c.Patience, c.ValEvery = 3, 100, 2
	set, val := newSet(20, 1), newSet(2*defaultValBatch+1, 2)
	var records []run.Record
	report := func(r run.Record) error {
		r.Seconds = 0
		records = append(records, r)
		return nil
	}
	whole, w := newTrainer(t, c)
	if err := whole.Fit(context.Background(), set, val, report); err != nil {
		t.Fatal(err)
	}
	want, wantRecords := values(w), records

	records = nil
	asked, w := newTrainer(t, c)
	var states []State
	inValidation := 0
	asked.Between = func() {
		s, err := asked.State()
		states = append(states, copyOf(t, s, err))
		if s.Partial.Samples == set.Len() && s.Epoch == 1 {
			inValidation++
		}
	}
	if err := asked.Fit(context.Background(), set, val, report); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(values(w), want) || !reflect.DeepEqual(records, wantRecords) {
		t.Error("a run that was asked for its state has other weights or records")
	}
	if inValidation < 4 { // before the end of the epoch was known, and three batches
		t.Fatalf("%d states inside the validation", inValidation)
	}
	for i, s := range states {
		records = nil
		second, w := newTrainer(t, c)
		if err := second.Restore(s); err != nil {
			t.Fatal(err)
		}
		if err := second.Fit(context.Background(), set, val, report); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(values(w), want) || !reflect.DeepEqual(records, wantRecords[s.Epoch:]) {
			t.Errorf("state %d of %d goes on to other weights or records: %+v", i, len(states), records)
		}
	}
}
