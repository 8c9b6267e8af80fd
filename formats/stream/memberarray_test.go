package stream

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"testing"
)

// pieces gives data in pieces of n elements, all in the same memory.
func pieces(data []float32, n int) iter.Seq[[]float32] {
	return func(yield func([]float32) bool) {
		buf := make([]float32, n)
		for piece := range slices.Chunk(data, n) {
			if !yield(buf[:copy(buf, piece)]) {
				return
			}
		}
	}
}

// TestWriteArray writes the same bytes whatever the pieces, and reads the array back.
func TestWriteArray(t *testing.T) {
	data := make([]float32, 300*100)
	for i := range data {
		data[i] = float32(i%1000) / 7
	}
	for _, c := range []Compression{Zstd, None} {
		write := func(pieces iter.Seq[[]float32]) []byte {
			var b bytes.Buffer
			w, err := NewMemberWriter(&b, c)
			if err == nil {
				err = errors.Join(w.WriteArray("a.npy", []int{300, 100}, pieces), w.WriteArray("b.npy", []int{0, 3}, pieces0), w.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}
		want := write(slices.Values([][]float32{data}))
		for _, n := range []int{1, 7, 1000, 30000} {
			if !bytes.Equal(write(pieces(data, n)), want) {
				t.Errorf("compression %d: other bytes in pieces of %d", c, n)
			}
		}
		m, err := NewMemberReader(bytes.NewReader(want), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if name, err := m.Open(); name != "a.npy" || err != nil {
			t.Fatal(name, err)
		}
		a, err := m.Array(1 << 20)
		if err != nil || !slices.Equal(a.Shape, []int{300, 100}) {
			t.Fatal(a, err)
		}
		if got, err := a.Float32(); err != nil || !slices.Equal(got, data) {
			t.Errorf("compression %d: other elements, error %v", c, err)
		}
	}
}

func pieces0(func([]float32) bool) {}

func TestWriteArrayPanics(t *testing.T) {
	for name, n := range map[string]int{"too few": 5, "too many": 7} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s elements: no panic", name)
				}
			}()
			w, _ := NewMemberWriter(&bytes.Buffer{}, None)
			w.WriteArray("a.npy", []int{2, 3}, pieces(make([]float32, n), 2))
		}()
	}
}

// After a failure to write no more pieces are asked for, and the error stays.
func TestWriteArrayPassesFailuresOn(t *testing.T) {
	full := errors.New("full")
	w, err := NewMemberWriter(&limitedWriter{n: 4000, err: full}, None)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	err = w.WriteArray("a.npy", []int{1 << 20}, func(yield func([]float32) bool) {
		for range 1 << 10 {
			asked++
			if !yield(make([]float32, 1<<10)) {
				return
			}
		}
	})
	if !errors.Is(err, full) || !errors.Is(w.Close(), full) || asked > 2 {
		t.Errorf("%v, then %v; %d pieces were asked for", err, w.Close(), asked)
	}
}
