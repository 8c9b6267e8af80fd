package draw

import (
	"fmt"
	"math"
	"reflect"
	"testing"
)

func TestApart(t *testing.T) {
	for _, c := range []struct {
		want, got []float64
	}{
		{[]float64{1, 5, 9}, []float64{1, 5, 9}},
		{[]float64{5, 5, 5}, []float64{3, 5, 7}},
		{[]float64{3, 4, 9}, []float64{2.5, 4.5, 9}},
		{[]float64{9, 9.5, 10}, []float64{6, 8, 10}},
		{[]float64{0, 0, 3}, []float64{0, 2, 4}},
		{[]float64{10, 10, 10}, []float64{6, 8, 10}},
		{[]float64{-1, 0}, []float64{0, 2}},
		{nil, nil},
	} {
		if got := apart(c.want, 2, 0, 10); !reflect.DeepEqual(got, c.got) {
			t.Errorf("%v: got %v, want %v", c.want, got, c.got)
		}
	}
}

// crowd are as many arms as a picture can tell apart, which cross and end close to each other.
func crowd() *Trends {
	p := TrendPanel{Y: "training accuracy"}
	t := &Trends{Title: "Seven arms", X: "epoch"}
	for arm := range MaxArms {
		t.Arms = append(t.Arms, fmt.Sprintf("arm %d of many", arm))
		trend := Trend{Arm: arm}
		for run := range 3 {
			var r Run
			for x := range 30 {
				r.X = append(r.X, float64(x))
				r.Y = append(r.Y, 1-math.Exp(-float64(x)/float64(3+arm+run)))
			}
			trend.Runs = append(trend.Runs, r)
		}
		p.Trends = append(p.Trends, trend)
	}
	t.Panels = []TrendPanel{p}
	return t
}

func TestCrowded(t *testing.T) {
	golden(t, "testdata/crowded.png", crowd().Encode)
}

// Lines of different arms differ in colour and in dashes, also for those who see no colours, and each has its name beside it.
func TestArmsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for arm := range MaxArms {
		style := Trend{Arm: arm}.style(true)
		for _, look := range []string{fmt.Sprint(style.Color), fmt.Sprint(style.Dashes)} {
			if seen[look] {
				t.Errorf("arm %d looks like another: %s", arm, look)
			}
			seen[look] = true
		}
	}
}

// A name that is too long keeps its end, behind three dots.
func TestFitting(t *testing.T) {
	style := newEndLabels().style
	if got := fitting("an arm", style, style.Width("an arm")); got != "an arm" {
		t.Errorf("got %q", got)
	}
	if got := fitting("the first arm", style, style.Width("…st arm")); got != "…st arm" {
		t.Errorf("got %q", got)
	}
}
