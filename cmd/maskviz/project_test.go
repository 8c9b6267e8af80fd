package main

import (
	"fmt"
	"slices"
	"testing"

	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

func TestCells(t *testing.T) {
	for _, c := range []struct {
		name   string
		g      net.Geometry
		pixels int
		n      int
		want   []int
	}{
		{"2×2 pooling", net.Geometry{Field: 2, Stride: 2}, 6, 3, []int{0, 0, 1, 1, 2, 2}},
		{"5×5 padded by 2, pooled", net.Geometry{Field: 6, Stride: 2, Offset: -2}, 6, 3, []int{0, 0, 1, 1, 2, 2}},
		{"5×5 with stride 2, padded by 2", net.Geometry{Field: 5, Stride: 2, Offset: -2}, 6, 3, []int{0, 0, 1, 1, 2, 2}},
		{"3×3 unpadded: no cell has its middle at the edge", net.Geometry{Field: 3, Stride: 1}, 6, 4, []int{0, 0, 1, 2, 3, 3}},
		{"3×3 with stride 4, padded by 1: middles at 0, 4, 8", net.Geometry{Field: 3, Stride: 4, Offset: -1}, 10, 3, []int{0, 0, 1, 1, 1, 1, 2, 2, 2, 2}},
		{"1×1 with stride 3", net.Geometry{Field: 1, Stride: 3}, 7, 3, []int{0, 0, 1, 1, 1, 2, 2}},
		{"behind gap", net.Geometry{Field: 6, Stride: 6}, 5, 1, []int{0, 0, 0, 0, 0}},
	} {
		var got []int
		last := 0
		for axis, x := newCellAxis(c.g, c.n), 0; x < c.pixels; x++ {
			cell, end := axis.at(x)
			if got = append(got, cell); x > 0 && cell != got[x-1] && x != last {
				t.Errorf("%s: a cell begins at %d, which at says is %d", c.name, x, last)
			}
			last = end
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// network parses a network that a test describes.
func network(t *testing.T, text string) *net.Network {
	t.Helper()
	n, err := net.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// newTestStep makes the step of a network whose masks the test gives instead of drawing them.
func newTestStep(t *testing.T, text string, batch int, masks net.Masks) *step {
	t.Helper()
	st, err := newStep(&input{title: "test", net: network(t, text), seed: 1}, &config{request: request{batch: batch}})
	if err != nil {
		t.Fatal(err)
	}
	for layer, m := range masks {
		st.masks[layer] = m
	}
	return st
}

const twoMasks = `
input c=1 h=4 w=4
conv out=2 kernel=2 stride=2
backdrop name=fine p=0.5 axes=NCHW
maxpool kernel=2
backdrop name=coarse p=0.5 axes=N
gap
linear out=2`

func TestProjectAndProduct(t *testing.T) {
	st := newTestStep(t, twoMasks, 2, net.Masks{
		1: mask.New(mask.N|mask.C|mask.H|mask.W, [5]int{2, 2, 1, 2, 2}, []bool{
			true, false, false, false, // sample 0, channel 0
			true, true, false, false, // sample 0, channel 1
			false, false, false, true, // sample 1, channel 0
			false, false, false, false,
		}),
		3: mask.New(mask.N, [5]int{2, 2, 1, 1, 1}, []bool{true, false}),
	})
	// The fine mask keeps 4 of 16 cells: its factor is 4; halved where one of two channels is kept.
	for sample, want := range [][]float32{
		{4, 4, 2, 2, 4, 4, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0},
		{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 2, 2},
	} {
		if got := st.project(1, sample); got.H != 4 || got.W != 4 || !slices.Equal(got.Data, want) {
			t.Errorf("fine, sample %d: got %v, want %v", sample, got, want)
		}
		for i := range want { // the coarse mask keeps sample 0, factor 2
			want[i] *= 2 * float32(1-sample)
		}
		if got := st.product(sample).over(st.net.Input, factors); !slices.Equal(got.Data, want) {
			t.Errorf("product, sample %d: got %v, want %v", sample, got, want)
		}
	}
}

// The red frame is what the passing cell next to the middle sees, on the axes along which the mask has cells.
func TestField(t *testing.T) {
	const text = "input c=1 h=16 w=16\nconv out=2 kernel=6 stride=4 pad=1\nbackdrop name=a p=0.5 axes=%s\ngap\nlinear out=2"
	// 4×4 cells (⌊(16+2−6)/4⌋+1), cell i sees the pixels 4i−1 … 4i+4.
	keep := make([]bool, 16)
	keep[0], keep[4*1+3], keep[4*2+1] = true, true, true // 1,3 is as far from the middle as 3,1; 2,1 is next to it
	st := newTestStep(t, fmt.Sprintf(text, "HW"), 1, net.Masks{1: mask.New(mask.H|mask.W, [5]int{1, 2, 1, 4, 4}, keep)})
	if got := st.field(1, 0); got == nil || *got != (draw.Box{{0, 1}, {7, 13}, {3, 9}}) {
		t.Errorf("rows and columns: got %v", got)
	}
	st = newTestStep(t, fmt.Sprintf(text, "W"), 1, net.Masks{1: mask.New(mask.W, [5]int{1, 2, 1, 4, 4}, keep[4:8])})
	if got := st.field(1, 0); got == nil || *got != (draw.Box{{0, 1}, {0, 16}, {11, 17}}) {
		t.Errorf("columns: got %v", got)
	}
	st = newTestStep(t, fmt.Sprintf(text, "N"), 2, net.Masks{1: mask.New(mask.N, [5]int{2, 2, 1, 4, 4}, []bool{true, false})})
	if got := st.field(1, 0); got != nil {
		t.Errorf("samples: got %v", got)
	}
	keep = append(make([]bool, 16), keep...) // sample 0 is blocked
	st = newTestStep(t, fmt.Sprintf(text, "NHW"), 2, net.Masks{1: mask.New(mask.N|mask.H|mask.W, [5]int{2, 2, 1, 4, 4}, keep)})
	if got := st.field(1, 0); got != nil {
		t.Errorf("sample without a cell: got %v", got)
	}
}

// Masks along D, H and W with channels: every voxel has the factor of its cell, the mean over the channels.
func TestProjectVolume(t *testing.T) {
	const text = "input c=1 d=2 h=4 w=2\nconv out=2 kernel=1x2x2 stride=1x2x2\nbackdrop name=a p=0.5 axes=CDHW\ngap\nlinear out=2"
	st := newTestStep(t, text, 1, net.Masks{1: mask.New(mask.C|mask.D|mask.H|mask.W, [5]int{1, 2, 2, 2, 1}, []bool{
		true, false, false, false, // channel 0: planes of 2 rows and 1 column
		true, false, false, true, // channel 1
	})})
	// 3 of 8 cells are kept: the factor is 8/3, half of it where one of two channels is kept.
	all, half := float32(8.0/3), float32(4.0/3)
	want := []float32{all, all, all, all, 0, 0, 0, 0, 0, 0, 0, 0, half, half, half, half}
	if got := st.project(1, 0); got.D != 2 || got.H != 4 || got.W != 2 || !slices.Equal(got.Data, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestProjectSequence(t *testing.T) {
	st := newTestStep(t, "input c=3 w=7\nconv out=2 kernel=3 stride=2\nbackdrop name=a p=0.5 axes=NW\ngap\nlinear out=2", 2,
		net.Masks{1: mask.New(mask.N|mask.W, [5]int{2, 2, 1, 1, 3}, []bool{true, false, false, false, false, true})})
	// Cell i sees the points 2i … 2i+2; its middle is at 2i+1. Factor 6/2.
	for sample, want := range [][]float32{{3, 3, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 3, 3, 3}} {
		if got := st.project(1, sample); got.D != 1 || got.H != 1 || !slices.Equal(got.Data, want) {
			t.Errorf("sample %d: got %v, want %v", sample, got, want)
		}
	}
}

func TestProjectIdentity(t *testing.T) {
	st := newTestStep(t, "input c=1 h=2 w=2\nbackdrop name=off p=0 axes=HW\ngap\nlinear out=2", 1, nil)
	if got := st.project(0, 0); !slices.Equal(got.Data, []float32{1, 1, 1, 1}) {
		t.Errorf("p = 0: got %v, want ones", got.Data)
	}
}
