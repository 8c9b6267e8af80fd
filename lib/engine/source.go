package engine

// A Source is a sample that the engine reads in pieces, so that it need not be in memory as a whole. Several goroutines
// read it at once.
type Source interface {
	// Pixels sets dst[0], dst[step], dst[2·step], … to the pixels from ≤ i < to of channel c, which are counted line by line
	// and plane by plane: pixel z,y,x of a volume is (z·H + y)·W + x.
	Pixels(dst []float32, step, c, from, to int)
}

// planes is a sample in memory: its channels one after the other.
type planes struct {
	data   []float32
	pixels int // of a channel
}

func (p *planes) Pixels(dst []float32, step, c, from, to int) {
	src := p.data[c*p.pixels:][from:to]
	if step == 1 {
		copy(dst, src)
		return
	}
	for i, v := range src {
		dst[i*step] = v
	}
}
