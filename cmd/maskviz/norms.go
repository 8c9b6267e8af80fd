package main

import (
	"math"
	"sync"

	"backdrop/lib/draw"
	"backdrop/lib/net"
	"backdrop/lib/scale"
)

// norms is the length over the channels of a gradient with respect to normalised inputs, as one with respect to the inputs
// themselves: of each place or, of the places of a cell of a large input, the largest.
type norms struct {
	draw.Volume
	reached int   // places where it is not zero
	parts   []int // of a sequence in cells, those of each cell

	shape  net.Shape
	cursor cursor
	std    []float64      // of the channels, before they were normalised
	locks  [64]sync.Mutex // of cells, by their number
	sums   sync.Mutex     // of what is counted for all
}

func newNorms(shape net.Shape, n scale.Normalisation) *norms {
	f := &norms{shape: shape, cursor: newCursor(shape)}
	for c := range shape.C {
		_, std := n.Of(c)
		f.std = append(f.std, float64(std))
	}
	f.Clear()
	return f
}

// Clear implements pixels.Sink. What a panel shows stays as it is.
func (f *norms) Clear() {
	f.Volume, f.reached, f.parts = newVolume(f.shape), 0, nil
	if f.Cells.Size > 1 && f.shape.Dimensions() == 1 {
		f.parts = make([]int, len(f.Data))
	}
}

// Set implements pixels.Sink. The largest value of a cell does not depend on the order.
func (f *norms) Set(from, to int, values []float32, step int) {
	reached, missing, first := 0, 0, to
	f.cursor.each(from, to, func(cell, begin, end int) {
		largest, part := float32(0), 0
		for i := begin; i < end; i++ {
			v := f.norm(values[(i-from)*step:])
			if v != 0 {
				part++
			}
			if v != v {
				missing, first = missing+1, min(first, i)
			}
			largest = max(largest, v)
		}
		if part == 0 {
			return
		}
		reached += part
		lock := &f.locks[cell%len(f.locks)]
		lock.Lock()
		f.Data[cell] = max(f.Data[cell], largest)
		if f.parts != nil {
			f.parts[cell] += part
		}
		lock.Unlock()
	})
	if reached == 0 {
		return
	}
	f.sums.Lock()
	defer f.sums.Unlock()
	f.reached += reached
	if missing > 0 {
		if f.Cells.Missing == 0 || first < f.Cells.First {
			f.Cells.First = first
		}
		f.Cells.Missing += missing
	}
}

// norm is that of one place.
func (f *norms) norm(d []float32) float32 {
	sum := 0.0
	for c, std := range f.std {
		v := float64(d[c]) / std
		sum += v * v
	}
	return float32(math.Sqrt(sum))
}

// robust is the value that the largest, as many as saturated says, share the brightest colour from.
func (f *norms) robust() float64 {
	var reached []float32
	for _, v := range f.Data {
		if v != 0 {
			reached = append(reached, v)
		}
	}
	return draw.Robust(saturated, draw.Field{H: 1, W: len(reached), Data: reached}).High
}

// lit is where the gradient is not zero, of a sequence.
func (f *norms) lit() draw.Volume {
	lit := newVolume(f.shape)
	for i, v := range f.Data {
		switch {
		case f.parts != nil:
			lit.Data[i] = float32(f.parts[i]) / float32(f.cursor.places(i))
		case v != 0:
			lit.Data[i] = 1
		}
	}
	return lit
}
