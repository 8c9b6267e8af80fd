package engine

import "backdrop/lib/kernel"

const places = kernel.Points

// A plane is what there is of a tensor at one position of the third axis: rows along the axis across, and columns along x. What
// is not there is zero.
type plane struct {
	data          []float32 // from the first row and column on
	weights       []float32 // at the points, that its windows are multiplied by
	rows, columns [2]int
	row, ch       int // elements of a row and of a pixel, from one to the next
}

func (p *plane) at(row, column int) int {
	return (row-p.rows[0])*p.row + (column-p.columns[0])*p.ch
}

// patches is room for some patches of a plane at a time.
type patches struct {
	room         int // patches
	lines, zeros []float32
	in, out      []float32 // at the points: by point, patch and channel
	few          []float32 // sums of a patch's row
	image        []float32 // rows of the gradient with respect to an input
	spare        []float32
	weights      []float32 // gradients of weights at the points: by element of the third axis, point, input and output channel
	planes       []plane
	l            kernel.Lines
	products     kernel.Products
}

// pointElements is how many elements patches at the points take at most, in and out (384 KiB), if this is not too few of them for
// the products.
const pointElements = 96 << 10

// patchesAtOnce is how many patches are taken at a time.
func patchesAtOnce(in, out int) int {
	n := pointElements / (places * places * (in + out))
	return max(kernel.RowsAtOnce, n/kernel.RowsAtOnce*kernel.RowsAtOnce)
}

// gradientElements is the number of the gradients of weights at the points, for an element of the third axis, and of one more
// row that tiles use.
func (w *winograd) gradientElements(n *node) int { return (places*places*n.chIn + 1) * n.ch }

// patchRooms is how many elements the parts of patches take: what reserve makes, and image, spare and weights.
type patchRooms struct{ in, out, lines, zeros, few, image, spare, weights int }

// roomsFor is what convolutions take of tensors with that many channels.
func roomsFor(in, out int) patchRooms {
	room := patchesAtOnce(in, out)
	widest := (kernel.PatchExtent*room + 2) * max(in, out)
	return patchRooms{
		in: places * places * room * in, out: places*places*room*out + out, lines: places * widest, zeros: widest, few: kernel.PatchExtent * out,
	}
}

// reserve makes room for patches with that many channels.
func (s *patches) reserve(in, out int) {
	need := roomsFor(in, out)
	s.room = patchesAtOnce(in, out)
	s.in, s.out, s.lines, s.few = grow(s.in, need.in), grow(s.out, need.out), grow(s.lines, need.lines), grow(s.few, need.few)
	s.reserveZeros(need.zeros)
}

func (s *patches) reserveZeros(n int) {
	if len(s.zeros) < n {
		s.zeros = make([]float32, n)
	}
}

// with is the larger of each room.
func (r patchRooms) with(o patchRooms) patchRooms {
	return patchRooms{
		max(r.in, o.in), max(r.out, o.out), max(r.lines, o.lines), max(r.zeros, o.zeros), max(r.few, o.few),
		max(r.image, o.image), max(r.spare, o.spare), max(r.weights, o.weights),
	}
}

func (r patchRooms) elements() int {
	return r.in + r.out + r.lines + r.zeros + r.few + r.image + r.spare + r.weights
}

// patchElements returns how many elements of room a worker has for patches in the forward and in the backward pass.
func (p *program) patchElements() (forward, backward int) {
	var f, b patchRooms
	for t := range p.body {
		n := &p.nodes[t]
		o, ok := n.op.(*conv)
		if !ok || o.winograd == nil {
			continue
		}
		f = f.with(roomsFor(n.chIn, n.ch))
		back := roomsFor(n.ch, gradientChannels(n.in.C))
		window := n.chIn * n.ch
		back.image = imageRows(n.ch, gradientChannels(n.in.C), n.in.W) * n.in.W * gradientChannels(n.in.C)
		back.spare, back.zeros = window, max(back.zeros, window)
		back.weights = n.kernel[o.winograd.third()] * o.winograd.gradientElements(n)
		b = b.with(back).with(f)
	}
	return f.elements(), b.elements()
}

// imageRows is the number of rows of a gradient with respect to an input, of that width, that are computed at a time.
func imageRows(in, out, width int) int {
	return kernel.PatchExtent * max(1, patchesAtOnce(in, out)/ceilDiv(width+kernel.PatchExtent-1, kernel.PatchExtent))
}

// A group is patches of a plane that are taken at a time: rows × columns of them from patch y, x on.
type group struct{ y, x, rows, columns int }

// eachGroup calls f for groups of the patches that hold rows and columns of a plane.
func (s *patches) eachGroup(rows, columns [2]int, f func(group)) {
	const extent = kernel.PatchExtent
	top, left := rows[0]/extent, columns[0]/extent
	bottom, right := ceilDiv(rows[1], extent), ceilDiv(columns[1], extent)
	width := min(right-left, s.room)
	height := s.room / max(1, width)
	for y := top; y < bottom; y += height {
		for x := left; x < right; x += width {
			f(group{y, x, min(height, bottom-y), min(width, right-x)})
		}
	}
}

// convolve sets the rows and columns of out: sums, over the planes, of the windows that begin at their row and column of the
// plane. With a bias, it is added, and sums are at least floor.
func (s *patches) convolve(out *plane, planes []plane, terms int, bias []float32, floor float32) {
	in := planes[0].ch
	s.reserve(in, out.ch)
	s.eachGroup(out.rows, out.columns, func(g group) {
		p := &s.products
		p.Set(kernel.Products{
			A: s.in, C: s.out, Count: places * places, AStep: s.room * in, BStep: terms * out.ch, CStep: s.room * out.ch, Rows: g.rows * g.columns,
			Terms: terms, Panels: out.ch / kernel.Columns, ARow: in, ATerm: 1, BTerm: kernel.Columns, BPanel: terms * kernel.Columns, CRow: out.ch,
		})
		for i := range planes {
			s.toPoints(s.in, &planes[i], g, places)
			p.B = planes[i].weights
			p.Run()
			p.Add = true
		}
		s.toSums(out, g, bias, floor)
	})
}

// toPoints takes a plane's patches to the points: windows of that many rows and columns, 6 of what a convolution reads, or 4 of a
// gradient.
func (s *patches) toPoints(dst []float32, p *plane, g group, window int) {
	const extent = kernel.PatchExtent
	length := (extent*(g.columns-1) + window) * p.ch
	begin := extent * g.x
	from, to := max(begin, p.columns[0]), min(begin+extent*(g.columns-1)+window, p.columns[1])
	to = max(from, to)
	if p.rows[0] >= p.rows[1] {
		from, to = begin, begin
	}
	before, behind := (from-begin)*p.ch, (to-begin)*p.ch
	l := &s.l
	for row := range g.rows {
		*l = kernel.Lines{N: behind - before, Count: 1}
		for i := range window {
			if l.N == 0 {
				break
			}
			l.In[i] = &s.zeros[0]
			if r := extent*(g.y+row) + i; r >= p.rows[0] && r < p.rows[1] {
				l.In[i] = &p.data[p.at(r, from)]
			}
		}
		for i := range places {
			line := s.lines[i*length:][:length]
			clear(line[:before])
			clear(line[behind:])
			l.Out[i] = &line[min(before, length-1)]
		}
		s.transform(window)
		*l = kernel.Lines{N: p.ch, Count: g.columns, InStep: extent * p.ch, OutStep: p.ch}
		for i := range places {
			for j := range window {
				l.In[j] = &s.lines[i*length+j*p.ch]
			}
			for j := range places {
				l.Out[j] = &dst[((i*places+j)*s.room+row*g.columns)*p.ch]
			}
			s.transform(window)
		}
	}
}

func (s *patches) transform(window int) {
	if window == places {
		s.l.ToPoints()
	} else {
		s.l.FilterToPoints()
	}
}

// toSums takes patches from the points to the sums.
func (s *patches) toSums(out *plane, g group, bias []float32, floor float32) {
	const extent = kernel.PatchExtent
	step := s.room * out.ch
	l := &s.l
	*l = kernel.Lines{N: g.rows * g.columns * out.ch, Count: 1}
	for j := range places {
		for i := range places {
			l.In[i] = &s.out[(i*places+j)*step]
			l.Out[i] = l.In[i]
		}
		l.ToSums()
	}
	first, last := g.x, g.x+g.columns // patches that lie whole in the columns of out
	if extent*first < out.columns[0] {
		first++
	}
	if last > first && extent*last > out.columns[1] {
		last--
	}
	for i := range g.rows {
		for k := range extent {
			row := extent*(g.y+i) + k
			if row < out.rows[0] || row >= out.rows[1] {
				continue
			}
			*l = kernel.Lines{N: out.ch, InStep: out.ch, OutStep: extent * out.ch, Floor: floor}
			if bias != nil {
				l.Bias = &bias[0]
			}
			if first < last {
				s.rowOfSums(k, i*g.columns+first-g.x, last-first, out.data[out.at(row, extent*first):], out.ch)
			}
			for x := g.x; x < g.x+g.columns; x++ {
				if x == first && x < last {
					x = last - 1
					continue
				}
				s.rowOfSums(k, i*g.columns+x-g.x, 1, s.few, out.ch)
				from, to := max(extent*x, out.columns[0]), min(extent*(x+1), out.columns[1])
				copy(out.data[out.at(row, from):][:(to-from)*out.ch], s.few[(from-extent*x)*out.ch:])
			}
		}
	}
}

// rowOfSums makes row k of the sums of that many patches from number patch on.
func (s *patches) rowOfSums(k, patch, count int, to []float32, ch int) {
	l := &s.l
	l.Count = count
	for j := range places {
		l.In[j] = &s.out[((k*places+j)*s.room+patch)*ch]
	}
	for j := range kernel.PatchExtent {
		l.Out[j] = &to[j*ch]
	}
	l.ToSums()
}

// addGradients adds, to the weights of each plane of x, the products at the points of its patches and of those of the gradient dy.
func (s *patches) addGradients(dy *plane, x []plane) {
	s.reserve(x[0].ch, dy.ch)
	s.eachGroup(dy.rows, dy.columns, func(g group) {
		s.toPoints(s.out, dy, g, kernel.PatchExtent)
		p := &s.products
		p.Set(kernel.Products{
			A: s.in, B: s.out, Count: places * places, AStep: s.room * x[0].ch, BStep: s.room * dy.ch, CStep: x[0].ch * dy.ch, Rows: x[0].ch,
			Terms: g.rows * g.columns, Panels: dy.ch / kernel.Columns, ARow: 1, ATerm: x[0].ch, BTerm: dy.ch, BPanel: kernel.Columns, CRow: dy.ch, Add: true,
		})
		for i := range x {
			s.toPoints(s.in, &x[i], g, places)
			p.C = x[i].weights
			p.Run()
		}
	})
}

// windowOfGradients takes the gradients of weights from the points to the nine elements of a window, each of length elements.
// Element u, v is then at 6·u + v.
func (s *patches) windowOfGradients(weights []float32, length int) {
	s.reserveZeros(length)
	s.spare = grow(s.spare, length)
	at := func(i, j int) []float32 { return weights[(i*places+j)*length:][:length] }
	back := func(lines func(i int) []float32) {
		l := &s.l
		*l = kernel.Lines{N: length, Count: 1}
		for i := range places {
			l.In[i] = &lines(i)[0]
		}
		l.In[places-1] = &s.zeros[0]
		for i := range 3 {
			l.Out[i] = l.In[i]
		}
		l.Out[3] = &s.spare[0] // there are three sums, and what is at ∞ belongs to the last one
		l.ToSums()
		kernel.Add(lines(2), lines(2), lines(places-1), negativeInfinity)
	}
	for j := range places {
		back(func(i int) []float32 { return at(i, j) })
	}
	for i := range 3 {
		back(func(j int) []float32 { return at(i, j) })
	}
}
