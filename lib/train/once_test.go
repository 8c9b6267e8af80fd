package train

import (
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"testing"

	"backdrop/lib/data"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
	"backdrop/lib/scale"
)

// stripesOnce gives the samples one after the other.
type stripesOnce struct {
	*stripes
	at int
}

func (s *stripesOnce) Next() (pixels.Source, int, error) {
	if s.at == s.Len() {
		return nil, 0, io.EOF
	}
	s.at++
	x := slices.Clone(s.x[s.at-1])
	return &pixels.Memory{Values: x, Count: len(x)}, s.labels[s.at-1], nil
}

func (s *stripesOnce) Release(pixels.Source) {}

func TestFitOnceTakesSamplesInOrder(t *testing.T) {
	c := config()
	c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
	trainer, _ := newTrainer(t, c)
	var record run.Record
	if err := trainer.FitOnce(context.Background(), &stripesOnce{stripes: newStripes(300, 1)}, nil, func(r run.Record) error {
		record = r
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if record.Samples != 300 || record.Step != 43 { // 42 batches of 7, and one of 6
		t.Errorf("%+v", record)
	}
	empty, _ := newTrainer(t, c)
	if err := empty.FitOnce(context.Background(), &stripesOnce{stripes: newStripes(0, 1)}, nil, ignore); err == nil {
		t.Error("an empty stream: no error")
	}
}

// One epoch of data at hand is that of a stream of them: in their order, whatever else is asked for.
func TestOneEpochIsInTheOrderOfTheData(t *testing.T) {
	samples := newStripes(40, 1)
	for _, change := range []func(*Config){
		func(*Config) {},
		func(c *Config) { c.Augment = data.Augment{Flip: true, Roll: true} },
		func(c *Config) { c.Normalisation = scale.Normalisation{Mean: []float32{0.5}, Std: []float32{0.7}} },
	} {
		c := config()
		c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
		change(&c)
		trainer, streamed := newTrainer(t, c)
		if err := trainer.FitOnce(t.Context(), &stripesOnce{stripes: samples}, nil, ignore); err != nil {
			t.Fatal(err)
		}
		trainer, tabled := newTrainer(t, c)
		if err := trainer.Fit(t.Context(), data.All(samples), nil, ignore); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(values(streamed), values(tabled)) {
			t.Errorf("%+v: the weights differ", c)
		}
		c.Epochs = 2
		trainer, first := newTrainer(t, c)
		stop := errors.New("stop")
		if err := trainer.Fit(t.Context(), data.All(samples), nil, func(run.Record) error { return stop }); err != stop {
			t.Fatal(err)
		}
		if reflect.DeepEqual(values(first), values(tabled)) {
			t.Error("the first of two epochs is not shuffled")
		}
	}
}

// scaledOnce finds out with the first batch what its samples are to go through.
type scaledOnce struct {
	stripesOnce
	asked []int // how many samples were read
}

func (s *scaledOnce) Normalisation() scale.Normalisation {
	s.asked = append(s.asked, s.at)
	return scale.Normalisation{Mean: []float32{0.5}, Std: []float32{0.7}}
}

// What a stream says when its first batch was read holds for that batch, the others, and validation.
func TestChosenNormalisation(t *testing.T) {
	c := config()
	c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
	fit := func(c Config, stream data.OnePass) (weights [][]float32, last run.Record) {
		trainer, w := newTrainer(t, c)
		if err := trainer.FitOnce(t.Context(), stream, newSet(10, 2), func(r run.Record) error { last = r; return nil }); err != nil {
			t.Fatal(err)
		}
		last.Seconds = 0
		return values(w), last
	}
	stream := &scaledOnce{stripesOnce: stripesOnce{stripes: newStripes(20, 1)}}
	got, gotLast := fit(c, stream)
	c.Normalisation = stream.Normalisation()
	want, wantLast := fit(c, &stripesOnce{stripes: newStripes(20, 1)})
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotLast, wantLast) {
		t.Errorf("weights or last record differ: %+v, want %+v", gotLast, wantLast)
	}
	if stream.asked[0] != c.Batch {
		t.Errorf("asked after %d samples, want %d", stream.asked[0], c.Batch)
	}
}
