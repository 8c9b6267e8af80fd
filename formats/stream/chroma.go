package stream

import "image"

// chroma brings the chrominance of a JPEG picture to the size of its luminance, a row at a time, as libjpeg-turbo does it by
// default, and with it Pillow, OpenCV and torchvision (jdsample.c of libjpeg-turbo 2.1, "fancy upsampling"): a plane of half the
// width, half the height or both is interpolated linearly between the centres of its pixels, in whole numbers that are rounded up
// and down by turns. Other planes, and those of half the width that have no more than two columns, are repeated.
type chroma struct {
	w, h         int // of the plane
	across, down int // pixels of the picture for one of the plane
	stride       int
	triangle     bool   // interpolate
	out          []byte // a row of the picture, and a pixel more if its width is odd
}

// newChroma returns the way from the planes Cb and Cr of a picture of w × h to its pixels.
func newChroma(p *image.YCbCr, w, h int) *chroma {
	across, down := 1, 1
	switch p.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		across = 2
	case image.YCbCrSubsampleRatio440:
		down = 2
	case image.YCbCrSubsampleRatio420:
		across, down = 2, 2
	case image.YCbCrSubsampleRatio411:
		across = 4
	case image.YCbCrSubsampleRatio410:
		across, down = 4, 2
	}
	c := &chroma{w: (w + across - 1) / across, h: (h + down - 1) / down, across: across, down: down, stride: p.CStride}
	c.triangle = across == 1 || across == 2 && c.w > 2
	if across > 1 || down > 1 {
		c.out = make([]byte, across*c.w)
	}
	return c
}

// row returns row y of the picture, valid until the next call.
func (c *chroma) row(plane []byte, y int) []byte {
	at := func(y int) []byte { return plane[y*c.stride:][:c.w] }
	near := at(y / c.down)
	far, below := near, y%c.down
	if c.triangle && c.down == 2 {
		far = at(min(max(y/2-1+2*below, 0), c.h-1)) // at the edges the nearest row once more
	}
	switch {
	case c.across == 1 && c.down == 1:
		return near
	case c.across == 1:
		between(c.out, near, far, 1+below)
	case c.triangle && c.down == 1:
		widen(c.out, near)
	case c.triangle:
		widenBetween(c.out, near, far)
	default:
		for x := range c.out {
			c.out[x] = near[x/c.across]
		}
	}
	return c.out
}

// between is h1v2_fancy_upsample: three quarters of the nearer row and a quarter of the other.
func between(dst, near, far []byte, bias int) {
	far = far[:len(near)]
	for x, v := range near {
		dst[x] = byte((3*int(v) + int(far[x]) + bias) >> 2)
	}
}

// widen is h2v1_fancy_upsample: three quarters of the nearer column and a quarter of the next, which at the edges is the same.
func widen(dst, near []byte) {
	left, v := int(near[0]), int(near[0])
	for x := range near {
		right := v
		if x+1 < len(near) {
			right = int(near[x+1])
		}
		pair := dst[2*x:][:2]
		pair[0], pair[1] = byte((3*v+left+1)>>2), byte((3*v+right+2)>>2)
		left, v = v, right
	}
}

// widenBetween is h2v2_fancy_upsample: the rows first, in quarters, and then the columns.
func widenBetween(dst, near, far []byte) {
	far = far[:len(near)]
	v := 3*int(near[0]) + int(far[0])
	left := v
	for x := range near {
		right := v
		if x+1 < len(near) {
			right = 3*int(near[x+1]) + int(far[x+1])
		}
		pair := dst[2*x:][:2]
		pair[0], pair[1] = byte((3*v+left+8)>>4), byte((3*v+right+7)>>4)
		left, v = v, right
	}
}

// colours are the products of chrominance that RGB takes, by ITU-R BT.601 in whole numbers as libjpeg has them (jdcolor.c): red
// from Cr, blue from Cb, and green from both, in 1/65536.
var colours = func() (t struct{ red, blue, greenCr, greenCb [256]int32 }) {
	const half = 1 << 15
	fix := func(x float64) int32 { return int32(x*65536 + 0.5) }
	for i := range t.red {
		x := int32(i) - 128
		t.red[i] = (fix(1.40200)*x + half) >> 16
		t.blue[i] = (fix(1.77200)*x + half) >> 16
		t.greenCr[i] = -fix(0.71414) * x
		t.greenCb[i] = -fix(0.34414)*x + half
	}
	return t
}()

// clamped maps what colours give, from -256 to 767, to [0,1].
var clamped = func() (t [1024]float32) {
	for i := range t {
		t[i] = unit[min(max(i-256, 0), 255)]
	}
	return t
}()

// spreadYCbCr writes all channels of a picture that has its colours as luminance and chrominance.
func (l layout) spreadYCbCr(r, g, b []float32, p *image.YCbCr) {
	cbs, crs := newChroma(p, l.w, l.h), newChroma(p, l.w, l.h)
	for y := range l.h {
		luma, cb, cr := p.Y[y*p.YStride:][:l.w], cbs.row(p.Cb, y)[:l.w], crs.row(p.Cr, y)[:l.w]
		i := l.at + y*l.dy
		for x, v := range luma {
			v, cb, cr := int32(v)+256, cb[x], cr[x]
			r[i] = clamped[(v+colours.red[cr])&1023]
			g[i] = clamped[(v+(colours.greenCb[cb]+colours.greenCr[cr])>>16)&1023]
			b[i] = clamped[(v+colours.blue[cb])&1023]
			i += l.dx
		}
	}
}

// spreadRGB writes all channels of a picture whose planes are called Y, Cb and Cr, but are red, green and blue.
func (l layout) spreadRGB(r, g, b []float32, p *image.YCbCr) {
	greens, blues := newChroma(p, l.w, l.h), newChroma(p, l.w, l.h)
	for y := range l.h {
		red, green, blue := p.Y[y*p.YStride:][:l.w], greens.row(p.Cb, y)[:l.w], blues.row(p.Cr, y)[:l.w]
		i := l.at + y*l.dy
		for x, v := range red {
			r[i], g[i], b[i] = unit[v], unit[green[x]], unit[blue[x]]
			i += l.dx
		}
	}
}
