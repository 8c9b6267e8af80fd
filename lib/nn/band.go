package nn

import (
	"backdrop/lib/kernel"
	"backdrop/lib/mask"
)

// A band computes rows of a stage's output and, row by row as they are needed, those of the stages before it, so that
// only a few rows of each exist at a time and stay in cache. Rows are counted in the padded tensor.
type band struct {
	run    *Runner
	sample *sample
	masks  Masks // nil: evaluation
	n      int   // number of the sample in the batch
	base   int   // the stage whose output is there already; 0: the input is loaded
	wins   []window
	tile   kernel.Tile
}

// window holds rows first ≤ y < next of a padded tensor. Its border is zero.
type window struct {
	data        []float32
	first, next int
	capacity    int       // rows
	wanted      int       // rows before this one are not read any more
	limit       int       // rows from this one on are not computed in this band
	own, end    int       // rows that this band keeps for the backward pass
	ring        []float32 // the band's own memory, of a few rows
	inPlace     bool      // data is what is kept for the backward pass, of all rows
}

// chunkElements is what a stage computes at a time at least, if it has that many (64 KiB).
var chunkElements = 16 << 10

// chunk is the number of rows that a stage computes at a time.
func (s *stage) chunk() int { return max(1, min(s.out.H, chunkElements/s.rowLength())) }

// capacity is the number of rows of the output of stage t that a band holds: what the next stage's chunk sees, a chunk
// of its own, and where windows overlap so many more that rows need not be moved for each chunk.
func (r *Runner) capacity(t int) int {
	s, next := &r.stages[t], &r.stages[t+1]
	seen := (next.chunk()-1)*next.stride + next.kernel
	need := seen + s.chunk()
	if next.kernel > next.stride {
		need += 2 * seen
	}
	return min(need, s.rows())
}

// hold makes room for the rows of the output of stage t, an early one. Where a band computes all rows and the backward
// pass needs them whole, they are written where they are kept.
func (b *band) hold(t, bands int) {
	s, win := &b.run.stages[t], &b.wins[t]
	win.inPlace = b.masks != nil && bands == 1 && t > 0 && b.sample.kept[t].whole(s)
	if win.inPlace {
		win.data, win.capacity = b.sample.kept[t].data, s.rows()
		return
	}
	win.data, win.capacity = win.ring, b.run.capacity(t)
}

// begin prepares a band of the rows from ≤ y < to of the padded output of stage top, and of the stages before
// that.
func (b *band) begin(top, from, to int) {
	for t := top; t > b.base; t-- {
		s := &b.run.stages[t]
		win := &b.wins[t]
		win.first, win.next, win.wanted, win.limit = from, from, from, to
		if t == top {
			win.first = 0
		}
		y0, y1 := max(from-s.border, 0), min(to-s.border, s.out.H)
		from, to = s.window(y0, max(y1, y0+1))
		from, to = max(from, 0), min(to, b.run.stages[t-1].rows())
	}
	if b.base == 0 {
		win := &b.wins[0]
		win.first, win.next, win.wanted, win.limit = from, from, from, to
	}
}

// fill computes the rows before upto of the output of stage t.
func (b *band) fill(t, upto int) {
	s, win := &b.run.stages[t], &b.wins[t]
	for win.next < upto {
		y := win.next - s.border
		if y < 0 || y >= s.out.H {
			clear(b.room(t, win.next+1))
			b.finish(t, win.next+1)
			continue
		}
		count := min(s.chunk(), win.limit-win.next, s.out.H-y)
		if t == 0 {
			b.room(t, win.next+count)
			b.load(win, y, count)
			b.finish(t, win.next+count)
			continue
		}
		lo, hi := s.window(y, y+count)
		b.wins[t-1].wanted = lo
		b.fill(t-1, hi)
		b.room(t, win.next+count)
		b.compute(t, y, count)
		b.finish(t, win.next+count)
	}
}

// room makes room for the rows before upto and returns that of the first.
func (b *band) room(t, upto int) []float32 {
	win, length := &b.wins[t], b.run.stages[t].rowLength()
	if upto-win.first > win.capacity {
		from := max(min(win.wanted, win.next), win.first)
		copy(win.data, win.data[(from-win.first)*length:(win.next-win.first)*length])
		win.first = from
	}
	return win.data[(win.next-win.first)*length:][:length]
}

// finish applies the pointwise layers to the new rows before upto and keeps what the backward pass needs of them.
func (b *band) finish(t, upto int) {
	s, win := &b.run.stages[t], &b.wins[t]
	length := s.rowLength()
	for ; win.next < upto; win.next++ {
		row := win.data[(win.next-win.first)*length:][:length]
		if y := win.next - s.border; y >= 0 && y < s.out.H {
			b.run.pointwise(s, b.masks, b.n, y, row[s.border*s.ch:(s.border+s.out.W)*s.ch])
		}
		if win.inPlace {
			clear(row[:s.border*s.ch])
			clear(row[(s.border+s.out.W)*s.ch:])
			continue
		}
		if b.masks == nil || b.sample.kept[t].region == nil || win.next < win.own || win.next >= win.end {
			continue
		}
		b.sample.kept[t].store(win.next, row, s.ch)
	}
}

// load brings rows of the input from C,H,W into place.
func (b *band) load(win *window, y, count int) {
	s := &b.run.stages[0]
	x, in, ch := b.sample.x, s.out, s.ch
	for i := range count {
		dst := win.data[(win.next-win.first+i)*s.rowLength()+s.border*ch:][:in.W*ch]
		for c := range in.C {
			src := x[(c*in.H+y+i)*in.W:][:in.W]
			if ch == 1 {
				copy(dst, src)
				continue
			}
			for j, v := range src {
				dst[j*ch+c] = v
			}
		}
	}
}

// pointwise applies the layers behind a stage to row y of sample n, but for a relu that the tiles have done.
func (r *Runner) pointwise(s *stage, masks Masks, n, y int, row []float32) {
	for k, i := range s.post {
		switch l := r.net.Layers[i]; l.Op {
		case "relu":
			if s.relu && k == 0 {
				continue
			}
			for j, v := range row {
				row[j] = max(v, 0)
			}
		case "leakyrelu":
			slope := float32(l.Slope)
			for j, v := range row {
				row[j] = max(v, slope*v)
			}
		case "dropout":
			if m := masks[i]; m != nil {
				multiplyRow(row, m, s, n, y, 0)
			}
		}
	}
}

// multiplyRow multiplies pixels of row y, from column x on, by their part of a mask.
func multiplyRow(row []float32, m *mask.Mask, s *stage, n, y, x int) {
	ch := s.ch
	for ; len(row) >= ch; x++ {
		for c := range s.out.C {
			row[c] *= m.At(n, c, y, x)
		}
		row = row[ch:]
	}
}

// compute runs the layer of stage t for count rows of its output from y on.
func (b *band) compute(t, y, count int) {
	switch s := &b.run.stages[t]; s.op {
	case "conv":
		b.conv(t, y, count)
	case "maxpool":
		b.maxPool(t, y, count)
	case "avgpool":
		b.avgPool(t, y, count)
	case "gap":
		b.mean(t)
	case "flatten":
		b.flatten(t)
	}
}

// at returns the place of a pixel of the unpadded tensor t in its window.
func (b *band) at(t, y, x int) int {
	s, win := &b.run.stages[t], &b.wins[t]
	return (y+s.border-win.first)*s.rowLength() + (x+s.border)*s.ch
}

func (b *band) conv(t, y, count int) {
	s, src := &b.run.stages[t], &b.wins[t-1]
	length := b.run.stages[t-1].rowLength()
	p := b.run.packs[t]
	tile := &b.tile
	*tile = kernel.Tile{
		Terms: b.run.terms[t], A: src.data, B: p.forward, Panel: s.terms() * kernel.Columns, C: b.wins[t].data,
		Panels: s.ch / kernel.Columns, Bias: p.bias, Scale: 1, ReLU: s.relu,
		Far: b.wins[t].inPlace,
	}
	n := 0
	for i := range count {
		from, to := ((y+i)*s.stride-src.first)*length, b.at(t, y+i, 0)
		for range s.out.W {
			tile.ARow[n], tile.CRow[n] = from, to
			from += s.stride * s.chIn
			to += s.ch
			if n++; n == kernel.Rows {
				tile.Run()
				n = 0
			}
		}
	}
	if n > 0 {
		for i := n; i < kernel.Rows; i++ {
			tile.ARow[i], tile.CRow[i] = tile.ARow[n-1], tile.CRow[n-1]
		}
		tile.Run()
	}
}

func (b *band) maxPool(t, y, count int) {
	s := &b.run.stages[t]
	for i := range count {
		out := b.wins[t].data[b.at(t, y+i, 0):][:s.out.W*s.ch]
		for j := range out {
			out[j] = negativeInfinity
		}
		b.eachTap(t, y+i, func(src []float32, from, columns int) {
			kernel.Max(out[from*s.ch:], src, s.ch, columns, s.ch, s.stride*s.ch)
		})
	}
}

// avgPool divides by the whole window's area, padding included, as PyTorch does by default.
func (b *band) avgPool(t, y, count int) {
	s := &b.run.stages[t]
	area := float32(s.kernel * s.kernel)
	for i := range count {
		out := b.wins[t].data[b.at(t, y+i, 0):][:s.out.W*s.ch]
		clear(out)
		b.eachTap(t, y+i, func(src []float32, from, columns int) {
			for x := range columns {
				dst, v := out[(from+x)*s.ch:][:s.ch], src[x*s.stride*s.ch:][:s.ch]
				for c := range dst {
					dst[c] += v[c]
				}
			}
		})
		for j := range out {
			out[j] /= area
		}
	}
}

// eachTap calls f for every element of the window of row y: columns output pixels, from column from on, whose
// inputs, stride pixels apart, begin at src and lie inside the image.
func (b *band) eachTap(t, y int, f func(src []float32, from, columns int)) {
	s, win := &b.run.stages[t], &b.wins[t-1]
	for u := range s.kernel {
		row := y*s.stride + u
		if row < s.pad || row >= s.pad+s.in.H {
			continue
		}
		for v := range s.kernel {
			from := max(0, (s.pad-v+s.stride-1)/s.stride)
			to := min(s.out.W, (s.pad+s.in.W-1-v+s.stride)/s.stride)
			if from < to {
				f(win.data[(row-win.first)*b.run.stages[t-1].rowLength()+(from*s.stride+v)*s.ch:], from, to-from)
			}
		}
	}
}

// mean is the global average pool.
func (b *band) mean(t int) {
	s := &b.run.stages[t]
	out := b.wins[t].data[b.at(t, 0, 0):][:s.ch]
	clear(out)
	for y := range s.in.H {
		row := b.wins[t-1].data[b.at(t-1, y, 0):][:s.in.W*s.ch]
		for len(row) > 0 {
			for c := range out {
				out[c] += row[c]
			}
			row = row[s.ch:]
		}
	}
	for c := range out {
		out[c] /= float32(s.in.H * s.in.W)
	}
}

// flatten puts the elements in the order of C,H,W.
func (b *band) flatten(t int) {
	s := &b.run.stages[t]
	out := b.wins[t].data[b.at(t, 0, 0):]
	for y := range s.in.H {
		row := b.wins[t-1].data[b.at(t-1, y, 0):]
		for x := range s.in.W {
			for c := range s.in.C {
				out[(c*s.in.H+y)*s.in.W+x] = row[x*s.chIn+c]
			}
		}
	}
}
