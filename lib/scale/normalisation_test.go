package scale

import (
	"math"
	"reflect"
	"slices"
	"testing"
)

func TestApply(t *testing.T) {
	x := []float32{1, 2, 3, 4}
	for _, c := range []struct {
		n    Normalisation
		want []float32
	}{
		{Normalisation{[]float32{1}, []float32{2}}, []float32{0, 0.5, 1, 1.5}},
		{Normalisation{[]float32{1, 4}, []float32{2, 0.5}}, []float32{0, 0.5, -2, 0}},
		{Normalisation{[]float32{0, 3}, []float32{1, 1}}, []float32{1, 2, 0, 1}},
	} {
		dst := make([]float32, len(x))
		if got := c.n.Apply(dst, x); !slices.Equal(got, c.want) || &got[0] != &dst[0] {
			t.Errorf("%+v: got %v, want %v", c.n, got, c.want)
		}
		same := slices.Clone(x)
		if got := c.n.Apply(same, same); !slices.Equal(got, c.want) {
			t.Errorf("%+v in place: got %v, want %v", c.n, got, c.want)
		}
	}
	for _, none := range []Normalisation{{}, {[]float32{0}, []float32{1}}, {[]float32{0, 0}, []float32{1, 1}}} {
		if got := none.Apply(nil, x); &got[0] != &x[0] {
			t.Errorf("%+v copies", none)
		}
	}
	// A difference that float32 does not hold.
	if got := (Normalisation{[]float32{-3e38}, []float32{1e38}}).Apply(make([]float32, 1), []float32{3e38}); got[0] != 6 {
		t.Errorf("got %v, want 6", got[0])
	}
}

func TestNumbersAndOf(t *testing.T) {
	for _, c := range []struct {
		n         Normalisation
		mean, std []float32
		of        float32 // mean of channel 1
	}{
		{Normalisation{}, []float32{0}, []float32{1}, 0},
		{Normalisation{[]float32{3}, []float32{2}}, []float32{3}, []float32{2}, 3},
		{Normalisation{[]float32{3, 3}, []float32{2, 2}}, []float32{3}, []float32{2}, 3},
		{Normalisation{[]float32{3, 4}, []float32{2, 2}}, []float32{3, 4}, []float32{2, 2}, 4},
		{Normalisation{[]float32{3, 3}, []float32{2, 1}}, []float32{3, 3}, []float32{2, 1}, 3},
	} {
		mean, std := c.n.Numbers()
		of, _ := c.n.Of(1)
		if !reflect.DeepEqual(mean, c.mean) || !reflect.DeepEqual(std, c.std) || of != c.of {
			t.Errorf("%+v: %v, %v, and %v of channel 1", c.n, mean, std, of)
		}
	}
}

func TestNormalisationErrors(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, n := range []Normalisation{
		{[]float32{0}, []float32{0}}, {[]float32{0}, []float32{-1}}, {[]float32{0}, []float32{nan}}, {[]float32{0}, []float32{inf}},
		{[]float32{nan}, []float32{1}}, {[]float32{inf}, []float32{1}}, {[]float32{0, 0}, []float32{1, 1}}, {[]float32{0}, nil}, {[]float32{0, 0, 0}, []float32{1, 1, 0}},
	} {
		if n.Validate(3) == nil {
			t.Errorf("%+v was taken", n)
		}
	}
	for _, n := range []Normalisation{{}, {[]float32{1}, []float32{2}}, {[]float32{1, 2, 3}, []float32{1, 2, 3}}} {
		if err := n.Validate(3); err != nil {
			t.Error(err)
		}
	}
}
