package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"backdrop/cmd/internal/tool"
	pictures "backdrop/lib/draw"
)

// numbered is a source whose sample i is full of i, of class i/2 modulo 3.
type numbered struct{ shape []int }

func (s numbered) Shape() []int         { return s.shape }
func (s numbered) Classes() []string    { return []string{"a", "b", "c"} }
func (s numbered) Class(number int) int { return number / 2 % 3 }
func (s numbered) Draw(number int, dst []float32) error {
	for i := range dst {
		dst[i] = float32(number)
	}
	return nil
}

// The first sample of each class is shown, in the order of classes. Of samples without end, the sheet is there as soon as
// there is one of each.
func TestPreview(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sheet.png")
	out, err := tool.Stdio{}.Create(file, tool.Binary)
	if err != nil {
		t.Fatal(err)
	}
	p := preview{out: out, endless: true, title: "Numbers", from: numbered{[]int{4, 5}}}
	add := func(number int) {
		x := make([]float32, 20)
		p.from.Draw(number, x)
		if err := p.add(number, x); err != nil {
			t.Fatal(err)
		}
	}
	for _, number := range []int{5, 4, 1, 0} {
		add(number)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the sheet is there before there is a sample of each class")
	}
	add(3)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(b)); err != nil {
		t.Error(err)
	}
	add(2)
	var got []string
	for _, panel := range p.sheet().Panels {
		h := panel.Pictures[0].(pictures.Heatmap)
		got = append(got, fmt.Sprintf("%s: %s, %v of %v to %v", panel.Title, panel.Captions[0], h.Data[0], h.Range.Low, h.Range.High))
	}
	if want := []string{"a: class 0, sample 1, 1 of 1 to 5", "b: class 1, sample 3, 3 of 1 to 5", "c: class 2, sample 5, 5 of 1 to 5"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
