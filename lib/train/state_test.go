package train

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/data"
	"backdrop/lib/run"
)

var errStop = errors.New("stop")

// copyOf is what a checkpoint makes of a state.
func copyOf(t *testing.T, s State, err error) State {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(s.Position)
	if err != nil {
		t.Fatal(err)
	}
	s.Position = run.Position{}
	if err := json.Unmarshal(text, &s.Position); err != nil {
		t.Fatal(err)
	}
	s.Weights = save(nil, s.Weights)
	if s.Finished != nil {
		s.Finished = save(nil, s.Finished)
	}
	if s.Best != nil {
		s.Best = save(nil, s.Best)
	}
	s.Optim = slices.Clone(s.Optim)
	for i := range s.Optim {
		s.Optim[i].Data = slices.Clone(s.Optim[i].Data)
	}
	return s
}

// A run that stops after any step and goes on in a new trainer, which may stop again, ends with the bits and the records
// of one that did not stop, and so do the weights that it would leave in between.
func TestRestoreGoesOnToTheSameBits(t *testing.T) {
	c := config()
	c.Epochs, c.Patience, c.Augment = 4, 100, data.Augment{Flip: true, Roll: true}
	set, val := newSet(20, 1), newSet(10, 2)
	var records []run.Record
	report := func(r run.Record) error {
		r.Seconds = 0
		records = append(records, r)
		return nil
	}
	for _, patience := range []int{0, 100} {
		c.ValEvery, c.Patience, records = 1+patience/50, patience, nil
		whole, w := newTrainer(t, c)
		finished := map[int][][]float32{} // what Finish leaves after a step
		whole.Progress = func(_, _, _ int, _ float64) error {
			now := values(w)
			whole.Finish()
			finished[whole.Steps()] = values(w)
			load(whole.params, now)
			return nil
		}
		if err := whole.Fit(context.Background(), set, val, report); err != nil {
			t.Fatal(err)
		}
		whole.Finish()
		want, wantRecords := values(w), records
		const steps = 4 * 3
		for at := range steps + 1 {
			for _, again := range []int{at, at + 1, at + 5} {
				records = nil
				first, w := newTrainer(t, c)
				for _, limit := range []int{at, again, steps + 1} {
					if limit == 0 {
						continue
					}
					first.Progress = func(_, _, _ int, _ float64) error {
						if first.Steps() >= limit {
							return errStop
						}
						return nil
					}
					stops := max(limit, first.Steps()+1) <= steps
					err := first.Fit(context.Background(), set, val, report)
					if !stops && err != nil || stops && !errors.Is(err, errStop) {
						t.Fatalf("stopping at %d and %d: %v", at, again, err)
					}
					s, err := first.State()
					state := copyOf(t, s, err)
					first.Finish()
					if stops && state.Epoch > 0 && !reflect.DeepEqual(values(w), finished[first.Steps()]) {
						t.Fatalf("patience %d, stopping at %d and %d: at %d other weights would be left", patience, at, again, first.Steps())
					}
					if !stops {
						break
					}
					first, w = newTrainer(t, c)
					if err := first.Restore(state); err != nil {
						t.Fatal(err)
					}
				}
				if !reflect.DeepEqual(values(w), want) {
					t.Errorf("patience %d, stopped at %d and %d: other weights", patience, at, again)
				}
				if !reflect.DeepEqual(records, wantRecords) {
					t.Errorf("patience %d, stopped at %d and %d: other records: %+v", patience, at, again, records)
				}
			}
		}
	}
}

// The same for a stream, whose used samples are passed over and must be the same.
func TestRestoreOnce(t *testing.T) {
	c := config()
	c.Epochs, c.Schedule, c.Warmup, c.Augment = 1, "const", 0, data.Augment{Roll: true}
	samples := newStripes(40, 1)
	whole, w := newTrainer(t, c)
	if err := whole.FitOnce(context.Background(), &stripesOnce{stripes: samples}, nil, ignore); err != nil {
		t.Fatal(err)
	}
	want := values(w)
	for at := 1; at <= 6; at++ {
		first, _ := newTrainer(t, c)
		first.Progress = func(_, step, _ int, _ float64) error {
			if step == at {
				return errStop
			}
			return nil
		}
		if err := first.FitOnce(context.Background(), &stripesOnce{stripes: samples}, nil, ignore); !errors.Is(err, errStop) {
			t.Fatal(err)
		}
		s, err := first.State()
		state := copyOf(t, s, err)
		for what, c := range map[string]struct {
			data *stripes
			err  string
		}{
			"the same":  {samples, ""},
			"cut":       {&stripes{x: samples.x[:3], labels: samples.labels[:3]}, "ends after 3 samples"},
			"other":     {newStripes(40, 2), "are not those"},
			"relabeled": {&stripes{x: samples.x, labels: append([]int{1}, samples.labels[1:]...)}, "are not those"},
		} {
			second, w := newTrainer(t, config1())
			if err := second.Restore(state); err != nil {
				t.Fatal(err)
			}
			err := second.FitOnce(context.Background(), &stripesOnce{stripes: c.data}, nil, ignore)
			if c.err == "" && (err != nil || !reflect.DeepEqual(values(w), want)) {
				t.Errorf("%s, stopped at %d: %v, or other weights", what, at, err)
			}
			if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("%s, stopped at %d: %v", what, at, err)
			}
		}
	}
}

func config1() Config {
	c := config()
	c.Epochs, c.Schedule, c.Warmup, c.Augment = 1, "const", 0, data.Augment{Roll: true}
	return c
}

// An interrupt in the middle of an epoch leaves, after Finish, the weights of the last finished one.
func TestInterruptLeavesTheLastFinishedEpoch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	trainer, w := newTrainer(t, config())
	var finished [][]float32
	trainer.Progress = func(epoch, step, _ int, _ float64) error {
		if epoch == 2 && step == 3 {
			cancel()
		}
		return nil
	}
	err := trainer.Fit(ctx, newSet(40, 1), nil, func(r run.Record) error {
		finished = values(w)
		return nil
	})
	if !errors.Is(err, context.Canceled) || trainer.Epochs() != 2 || trainer.Steps() != 2*6+3 {
		t.Fatalf("%v after %d epochs, %d steps", err, trainer.Epochs(), trainer.Steps())
	}
	trainer.Finish()
	if !reflect.DeepEqual(values(w), finished) {
		t.Error("the weights are not those of epoch 2")
	}
}

// So does one while it validates, and the epoch can be finished later.
func TestInterruptInValidation(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	trainer, _ := newTrainer(t, config())
	trainer.Progress = func(epoch, step, steps int, _ float64) error {
		if epoch == 2 && step == steps {
			cancel()
		}
		return nil
	}
	err := trainer.Fit(ctx, newSet(40, 1), newSet(10, 2), ignore)
	s, _ := trainer.State()
	if !errors.Is(err, context.Canceled) || s.Epoch != 2 || s.Partial.Samples != 40 {
		t.Errorf("%v at %+v", err, s.Position)
	}
}

// A stream that chose its normalisation is validated with it, too, when all of its samples were used before an interrupt.
func TestInterruptInValidationOnce(t *testing.T) {
	c := config()
	c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
	newOnce := func() *scaledOnce {
		return &scaledOnce{stripesOnce: stripesOnce{stripes: newStripes(20, 1)}}
	}
	var want, got run.Record
	whole, w := newTrainer(t, c)
	if err := whole.FitOnce(t.Context(), newOnce(), newSet(10, 2), func(r run.Record) error { want = r; return nil }); err != nil {
		t.Fatal(err)
	}
	weights := values(w)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	first, _ := newTrainer(t, c)
	first.Progress = func(_, step, _ int, _ float64) error {
		if step == 3 { // the last one
			cancel()
		}
		return nil
	}
	if err := first.FitOnce(ctx, newOnce(), newSet(10, 2), ignore); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	s, err := first.State()
	second, w := newTrainer(t, c)
	if err := second.Restore(copyOf(t, s, err)); err != nil {
		t.Fatal(err)
	}
	if err := second.FitOnce(t.Context(), newOnce(), newSet(10, 2), func(r run.Record) error { got = r; return nil }); err != nil {
		t.Fatal(err)
	}
	want.Seconds, got.Seconds = 0, 0
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(values(w), weights) {
		t.Errorf("got %+v, validation loss %v; want %+v, %v", got, *got.ValLoss, want, *want.ValLoss)
	}
}

func TestRestoreRefusesWhatDoesNotFit(t *testing.T) {
	for what, change := range map[string]func(*State){
		"no weights":        func(s *State) { s.Weights = nil },
		"fewer weights":     func(s *State) { s.Weights = s.Weights[1:] },
		"shorter weights":   func(s *State) { s.Weights[0] = s.Weights[0][1:] },
		"shorter finished":  func(s *State) { s.Finished = s.Weights[1:] },
		"shorter best":      func(s *State) { s.Best = s.Weights[1:] },
		"fewer slots":       func(s *State) { s.Optim = s.Optim[1:] },
		"shorter slot":      func(s *State) { s.Optim[0].Data = s.Optim[0].Data[1:] },
		"slot of other use": func(s *State) { s.Optim[0].Name = "momentum_buffer" },
	} {
		trainer, _ := newTrainer(t, config())
		s, err := trainer.State()
		s = copyOf(t, s, err)
		change(&s)
		if err := trainer.Restore(s); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
