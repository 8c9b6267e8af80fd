package engine

import "backdrop/lib/net"

// A Source is a sample that the engine reads in pieces, so that it need not be in memory as a whole. Several goroutines
// read it at once.
type Source interface {
	// Pixels sets dst[0], dst[step], dst[2·step], … to the pixels from ≤ x < to of a line of channel c: a row of an image; of
	// a volume row y of plane z, which is line z·H + y; of a sequence a single step, the only pixel of its line.
	Pixels(dst []float32, step, c, line, from, to int)
}

// planes is a sample in memory: its channels one after the other, each line by line.
type planes struct {
	data  []float32
	shape net.Shape // in the engine's order of axes
}

func (p *planes) Pixels(dst []float32, step, c, line, from, to int) {
	src := p.data[(c*p.shape.D*p.shape.H+line)*p.shape.W:][from:to]
	if step == 1 {
		copy(dst, src)
		return
	}
	for i, v := range src {
		dst[i*step] = v
	}
}
