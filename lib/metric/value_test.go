package metric

import (
	"math"
	"testing"
)

func TestIntervalsAreFinite(t *testing.T) {
	for _, i := range []Interval{{Low: 0, High: math.Inf(1)}, {Low: math.Inf(-1), High: 1}, {Low: math.NaN(), High: 1}} {
		v := Value{V: 0.5}.With(i)
		if v.Interval.Reason == "" || v.Missing() == "" {
			t.Errorf("%v: an interval without a reason", i)
		}
		if _, err := v.MarshalJSON(); err != nil {
			t.Errorf("%v: %v", i, err)
		}
	}
	if v := (Value{V: 0.5}).With(Interval{Low: 0.25, High: 1e300, Method: "some"}); v.Interval.Reason != "" {
		t.Errorf("a finite interval: %v", v.Interval)
	}
}

func TestLongNumbers(t *testing.T) {
	for v, want := range map[float64]string{0.5: "0.5000", -12345.25: "-12345.2500", 1e9: "1e+09", 1.25e300: "1.25e+300"} {
		if got := (Value{V: v}).String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
