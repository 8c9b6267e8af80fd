package gp

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"backdrop/lib/dims"
)

// disk returns a Store that is a file.
func disk(t *testing.T) *os.File {
	f, err := os.Create(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// byRows draws a sample by rows.
func byRows(t *testing.T, s *Sampler, i int) (out []float32) {
	t.Helper()
	if err := s.DrawRows(i, func(values []float32) error { out = append(out, values...); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// By way of a Store come the same bits as in memory, for every number of threads, however the work is cut, and with axes that
// are products, transforms, both, and windows of longer periods.
func TestRowsAreTheSample(t *testing.T) {
	pieces := 0
	for _, spec := range []Spec{
		{Shape: []int{150, 97}},
		{Shape: []int{96, 200}, Raw: true},
		{Shape: []int{100, 130}, Nugget: 0.2},
		{Shape: []int{100, 130}, Open: true},
		{Shape: []int{61, 130}, Open: true, Nugget: 0.2, Raw: true},
		{Shape: []int{60, 80}, Kernel: Matern32},
		{Shape: []int{40, 60}, Kernel: Matern12, Open: true},
		{Shape: []int{64, 1031}, Kernel: Matern12}, // chirps
		{Shape: []int{2048, 31}, Kernel: Matern12},
		{Shape: []int{20, 30, 41}},
		{Shape: []int{20, 30, 41}, Open: true, Kernel: Matern52},
		{Shape: []int{9, 70, 64}, Nugget: 1},
		{Shape: []int{1, 70}}, {Shape: []int{70, 1}}, {Shape: []int{1, 1, 50}}, {Shape: []int{3, 1, 50}, Open: true},
	} {
		spec.Scales, spec.Power, spec.Seed = [][]Length{{{2}, {3}}, {{0.7}, {5}}}, []float64{1, 2}, 3
		if slices.Min(spec.Shape) < 5 {
			spec.Scales = [][]Length{{{0.3}, {0.5}}, {{0.4}, {1}}}
		}
		if len(spec.Shape) == 2 && spec.Shape[0] == 150 {
			spec.Scales, spec.Power = [][]Length{{{4, 3}}}, []float64{1.5}
		}
		small := sampler(t, spec)
		want := [][]float32{drawn(small, 2), drawn(small, 5)}
		for _, threads := range []int{1, 2, 7} {
			for _, room := range []int{1, 3000, 20000, most} {
				large, err := NewLargeSampler(spec, disk(t))
				if err != nil {
					t.Fatal(err)
				}
				large.Threads, large.room = threads, room
				done := 0.0
				large.Progress = func(now float64) {
					if !(now >= done && now <= 1) {
						t.Errorf("%v: %g is done after %g", spec, now, done)
					}
					done = now
				}
				for k, i := range []int{2, 5} {
					done = 0
					if got := byRows(t, large, i); !slices.Equal(got, want[k]) {
						t.Errorf("%v, %d threads, room %d: other bits in sample %d", spec, threads, room, i)
					}
					if !(done >= 0.98) {
						t.Errorf("%v: %g is done at the end", spec, done)
					}
				}
				for _, p := range slices.Concat(large.plans...) {
					pieces = max(pieces, large.layout(p).count())
				}
				if info, _ := large.store.(*os.File).Stat(); info.Size() > large.storeSize() {
					t.Errorf("%v: %d bytes in the Store, %d are planned", spec, info.Size(), large.storeSize())
				}
			}
		}
	}
	if pieces < 10 {
		t.Errorf("no field was cut into more than %d panels", pieces)
	}
}

// Drawing in memory tells how far it is, too.
func TestProgress(t *testing.T) {
	for _, spec := range []Spec{{}, {Open: true}, {Nugget: 1, Raw: true}, {Kernel: Matern32}} {
		spec.Shape, spec.Scales, spec.Power = []int{100, 130}, [][]Length{{{2}}, {{3}, {5}}}, []float64{1, 2}
		s := sampler(t, spec)
		s.Threads = 3
		done, calls := 0.0, 0
		s.Progress = func(now float64) {
			if !(now >= done && now <= 1) {
				t.Errorf("%v: %g is done after %g", spec, now, done)
			}
			done = now
			calls++
		}
		if drawn(s, 2); !(done >= 0.98) || calls < 5 {
			t.Errorf("%v: %g is done at the end, after %d calls", spec, done, calls)
		}
	}
}

// failing is a Store that fails after some calls.
type failing struct {
	*os.File
	reads, writes atomic.Int64
}

var errDisk = errors.New("no disk")

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.reads.Add(-1) < 0 {
		return 0, errDisk
	}
	return f.File.ReadAt(p, at)
}

func (f *failing) WriteAt(p []byte, at int64) (int, error) {
	if f.writes.Add(-1) < 0 {
		return 0, errDisk
	}
	return f.File.WriteAt(p, at)
}

// An error of the Store ends the drawing, and what was not written is not handed on.
func TestStoreThatFails(t *testing.T) {
	for _, spec := range []Spec{{Shape: []int{80, 90}, Kernel: Matern32}, {Shape: []int{80, 90}, Open: true}, {Shape: []int{10, 20, 30}, Nugget: 1}} {
		spec.Scales, spec.Power = [][]Length{{{2}}, {{3}}}, []float64{1, 1}
		for _, calls := range []struct{ reads, writes int64 }{{1 << 30, 0}, {1 << 30, 7}, {0, 1 << 30}, {3, 1 << 30}} {
			limit := &failing{File: disk(t)}
			limit.reads.Store(calls.reads)
			limit.writes.Store(calls.writes)
			s, err := NewLargeSampler(spec, limit)
			if err == nil {
				s.room = 3000
				err = s.DrawRows(0, func(values []float32) error {
					if limit.writes.Load() < 0 {
						return errors.New("values come after an error")
					}
					return nil
				})
			}
			if !errors.Is(err, errDisk) {
				t.Errorf("%v: %v", spec, err)
			}
		}
	}
	s, err := NewLargeSampler(small(), disk(t))
	if err != nil {
		t.Fatal(err)
	}
	s.room = 100
	full := errors.New("full")
	calls := 0
	if err := s.DrawRows(0, func([]float32) error { calls++; return full }); err != full || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// What a large sample is planned to take does not grow with it; only tables do, and what is read and drawn at a time.
func TestLargeMemory(t *testing.T) {
	for _, side := range []int{4096, 16384, 32768} {
		spec := Spec{Shape: []int{side, side}, Scales: [][]Length{{{9.5}, {10}}, {{80}, {140}}}, Power: []float64{1, 1}, Disk: 1e12}
		s, err := NewLargeSampler(spec, disk(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, threads := range []int{1, 2, 16} {
			memory, store := s.Fit(threads, 1e12)
			least, _ := s.Fit(threads, 0)
			if !(memory <= 240<<20) || !(least <= 120<<20) || store != 4*int64(side)*int64(side) {
				t.Errorf("%d², %d threads: %g to %g bytes of memory, %d in the Store", side, threads, least, memory, store)
			}
			if bound := spec.largeMemory(spec.Shape); !(least <= bound && bound <= 1.2*least+1e6) {
				t.Errorf("%d²: %g bytes, %g expected", side, least, bound)
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	for _, shape := range [][]int{{4096, 4096}, {256, 256, 256}} {
		b.Run(fmt.Sprint(shape), func(b *testing.B) {
			f, err := os.CreateTemp(b.TempDir(), "")
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			s, err := NewLargeSampler(Spec{Shape: shape, Scales: [][]Length{{{9.5}}, {{40}}}, Power: []float64{1, 1}}, f)
			if err != nil {
				b.Fatal(err)
			}
			s.Fit(2, 1e12)
			b.SetBytes(4 * int64(dims.Count(shape)))
			for b.Loop() {
				if err := s.DrawRows(0, func([]float32) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
