package npy

import (
	"bytes"
	"slices"
	"testing"
)

// A transposed view has the elements where they belong, of arrays in C order and in Fortran order, and of its rows.
func TestTranspose(t *testing.T) {
	var file bytes.Buffer
	data := make([]float32, 2*3*4)
	for i := range data {
		data[i] = float32(i)
	}
	if err := WriteFloat32(&file, []int{2, 3, 4}, data); err != nil {
		t.Fatal(err)
	}
	a, err := Read(&file, 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	for _, axes := range [][]int{{0, 1, 2}, {0, 2, 1}, {2, 0, 1}, {2, 1, 0}} {
		view := a.Transpose(axes...)
		got, err := view.Float32()
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		var index [3]int
		for x := range view.Shape[0] {
			for y := range view.Shape[1] {
				for z := range view.Shape[2] {
					index[axes[0]], index[axes[1]], index[axes[2]] = x, y, z
					if want := float32((index[0]*3+index[1])*4 + index[2]); got[i] != want {
						t.Fatalf("axes %v: element %d,%d,%d is %v, want %v", axes, x, y, z, got[i], want)
					}
					i++
				}
			}
		}
		row, err := view.Row(1).Float32()
		if n := len(got) / view.Shape[0]; err != nil || !slices.Equal(row, got[n:2*n]) {
			t.Errorf("axes %v: row 1 is %v, %v", axes, row, err)
		}
		back := slices.Clone(axes)
		for i, axis := range axes {
			back[axis] = i
		}
		if again, err := view.Transpose(back...).Float32(); err != nil || !slices.Equal(again, data) {
			t.Errorf("axes %v and back: %v, %v", axes, again, err)
		}
	}
	if _, ok := a.Transpose(0, 1, 2).Float32View(); !ok {
		t.Error("an array whose axes stay as they are is copied")
	}
}
