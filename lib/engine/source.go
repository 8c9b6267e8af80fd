package engine

import "backdrop/lib/net"

// A Source is a sample that the engine reads in pieces, so that it need not be in memory as a whole. Several goroutines
// read it at once.
type Source interface {
	// Pixels sets dst[0], dst[step], dst[2·step], … to the pixels from ≤ x < to of row y of channel c.
	Pixels(dst []float32, step, c, y, from, to int)
}

// planes is a sample in memory: its channels one after the other, each row by row.
type planes struct {
	data  []float32
	shape net.Shape
}

func (p *planes) Pixels(dst []float32, step, c, y, from, to int) {
	src := p.data[(c*p.shape.H+y)*p.shape.W:][from:to]
	if step == 1 {
		copy(dst, src)
		return
	}
	for i, v := range src {
		dst[i*step] = v
	}
}
