package main

import (
	"fmt"
	"time"

	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// areas returns rows of the time of the backward pass alone for masks that keep a share of an image or a volume.
func areas(side int) []row {
	return append(imageAreas(side), volumeAreas()...)
}

// imageAreas has masks that keep some of the 4×4 coarse cells, or a quarter of one cell for 1/64.
func imageAreas(side int) (rows []row) {
	for _, share := range []struct {
		name         string
		coarse, fine int // coarse cells, and the side of the block of fine cells in each
	}{{"all", 16, 8}, {"half", 8, 8}, {"a quarter", 4, 8}, {"1/16", 1, 8}, {"1/64", 1, 4}} {
		rows = append(rows, row{"backward pass of `crisp` 1024², the gradient survives on " + share.name, func() []string {
			b := newBench(preset("crisp")(side), 1, "xent", *threads)
			fine := func(at, _ net.Size) bool { return at[net.H]%8 < share.fine && at[net.W]%8 < share.fine }
			coarse := func(at, _ net.Size) bool { return at[net.H]*4+at[net.W] < share.coarse }
			return milliseconds(median(b.backward(b.pinned(fine, coarse))))
		}})
	}
	return rows
}

// volumeAreas has masks of which each keeps the same 1/16 of a volume, in one block or in four cubes along a diagonal.
func volumeAreas() (rows []row) {
	all := func(_, _ net.Size) bool { return true }
	block := func(at, size net.Size) bool {
		return at[net.D]*4 < size[net.D] && at[net.H]*2 < size[net.H] && at[net.W]*2 < size[net.W]
	}
	cubes := func(at, size net.Size) bool {
		d := at[net.D] * 4 / size[net.D]
		return d == at[net.H]*4/size[net.H] && d == at[net.W]*4/size[net.W]
	}
	crisp := func(side int) *net.Network {
		n, err := net.Preset("crisp", net.Shape{C: 1, D: side, H: side, W: side}, 4)
		check(err)
		return n
	}
	side := 64
	if *once {
		side = 16
	}
	for _, of := range []struct {
		name string
		net  func(side int) *net.Network
	}{{"the network of volumes of 64³", volumes}, {"`crisp` 64³", crisp}} {
		for _, share := range []struct {
			name string
			keep cells
		}{{"one block", block}, {"four cubes", cubes}} {
			rows = append(rows, row{fmt.Sprintf("backward pass of %s, the gradient survives on 1/16, %s", of.name, share.name), func() []string {
				b := newBench(of.net(side), 2, "xent", *threads)
				dense, sparse := b.backward(b.pinned(all, all)), b.backward(b.pinned(share.keep, share.keep))
				ms := turns([]contender{again(dense), again(sparse)})
				return []string{fmt.Sprintf("%s ms a volume, %.1f %% of the %s ms on all", cell(ms[1]/2), 100*ms[1]/ms[0], cell(ms[0]/2))}
			}})
		}
	}
	return rows
}

// cells says whether a mask of that size keeps the cell at a place.
type cells func(at, size net.Size) bool

// pinned returns masks that keep the same cells of every sample; there is a function for each backdrop layer.
func (b *bench) pinned(keep ...cells) net.Masks {
	shapes, err := b.net.Shapes()
	check(err)
	masks := net.Masks{}
	for i, layer := range b.net.Backdrops() {
		var all []bool
		size := shapes[layer].Size()
		for d := range size[net.D] {
			for h := range size[net.H] {
				for w := range size[net.W] {
					all = append(all, keep[i](net.Size{d, h, w}, size))
				}
			}
		}
		masks[layer] = mask.New(mask.D|mask.H|mask.W, shapes[layer].Batch(len(b.x)), all)
	}
	return masks
}

// backward returns a function that takes a step with these masks and returns the milliseconds of its backward pass alone, of
// the whole batch.
func (b *bench) backward(masks net.Masks) func() float64 {
	for _, g := range b.grads {
		for i := range g {
			g[i] = 0.1 * float32(1+i/2) * float32(1-2*(i%2)) // 0.1, -0.1, 0.2, -0.2
		}
	}
	return func() float64 {
		b.runner.Forward(b.x, masks)
		start := time.Now()
		b.runner.Backward(b.grads, nil)
		return time.Since(start).Seconds() * 1e3
	}
}
