package draw

import (
	"reflect"
	"testing"
)

func TestSharesOfLines(t *testing.T) {
	perfect := Curve{X: []float64{0, 0, 0, 1}, Y: []float64{0, 0.5, 1, 1}}
	same := Curve{X: []float64{0, 0, 1}, Y: []float64{0, 1, 1}} // without the point in the middle
	other := Curve{X: []float64{0, 0.5, 0.5, 1}, Y: []float64{0, 0, 1, 1}}
	end := Curve{X: []float64{0, 0, 0.9}, Y: []float64{0, 1, 1}} // another end
	grey := Curve{X: same.X, Y: same.Y, Grey: true}
	got := sharesOfLines([]Curve{grey, perfect, other, same, {}, end, {}})
	want := []lineShare{{0, 1}, {0, 3}, {0, 1}, {1, 3}, {0, 1}, {2, 3}, {0, 1}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Two curves of which one would cover the other are both to be seen, each in its colour.
func TestCurvesThatCoincide(t *testing.T) {
	x, y := []float64{0, 0, 1}, []float64{0, 1, 1}
	p := Plot{Title: "Perfect", X: "across", Y: "up", Curves: []Curve{{Name: "one", X: x, Y: y}, {Name: "two", X: x, Y: y}, {Name: "three", X: x, Y: y}}}
	golden(t, "testdata/coincide.png", p.Encode)
}
