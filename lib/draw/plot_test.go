package draw

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"testing"

	"backdrop/internal/testkit/drawtest"
)

func TestPlot(t *testing.T) {
	p := Plot{Title: "A plot", X: "across", Y: "up", Curves: []Curve{
		{Name: "as it should be", X: []float64{0, 1}, Y: []float64{0, 1}, Grey: true},
		{Name: "as it is", X: []float64{0.1, 0.4, 0.8}, Y: []float64{0, 0.5, 1}, Marked: true},
		{Name: "nothing to show"},
	}}
	for i := range MaxCurves - 2 {
		y := 0.9 - float64(i)/20
		p.Curves = append(p.Curves, Curve{X: []float64{0.5, 1}, Y: []float64{y, y}})
	}
	golden(t, "testdata/plot.png", p.Encode)
}

func TestConfusion(t *testing.T) {
	small := Confusion{Title: "A table", Rows: "true", Columns: "predicted", Names: []string{"cat", "a long name", "none"}, Count: [][]int{{9, 1, 0}, {2, 2, 0}, {0, 0, 0}}}
	golden(t, "testdata/confusion.png", small.Encode)
	large := Confusion{Title: "A large table", Rows: "true", Columns: "predicted"}
	for i := range 250 {
		row := make([]int, 250)
		row[i], row[249-i] = 1, 1
		large.Names, large.Count = append(large.Names, fmt.Sprint(i)), append(large.Count, row)
	}
	golden(t, "testdata/confusionlarge.png", large.Encode)
	if got := added([][]int{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 2); !reflect.DeepEqual(got, [][]int{{12, 9}, {15, 9}}) {
		t.Errorf("squares of 2×2 add up to %v", got)
	}
}

// golden draws twice, which must not change the bytes.
func golden(t *testing.T, file string, encode func(io.Writer) error) {
	t.Helper()
	var got, again bytes.Buffer
	if err := encode(&got); err != nil {
		t.Fatal(err)
	}
	if err := encode(&again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), again.Bytes()) {
		t.Errorf("%s: other bytes the second time", file)
	}
	drawtest.Golden(t, file, got.Bytes())
}
