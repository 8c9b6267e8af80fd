package main

import (
	"math"

	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// coloured reports whether inputs may be pictures of red, green and blue.
func coloured(in net.Shape) bool { return in.Dimensions() == 2 && in.C == 3 }

// photo is the three channels as a picture, each place or cell from 0 to 1, if the values are those of one: from 0 to 1, or
// bytes. Else ok is false.
func (r *reader) photo() (channels [3]draw.Field, ok bool) {
	c, high := newCursor(r.shape), float32(0)
	for i := range channels {
		channels[i] = newVolume(r.shape).Field()
	}
	fraction, within := false, true // some value is no whole number; all are from 0 to 255
	look := &reader{source: r.source, shape: r.shape, stopped: func() bool { return !within || r.stopped() }}
	look.each(len(channels), func(channel, first int, values []float32) {
		for _, v := range values {
			within = within && v >= 0 && v <= math.MaxUint8 // so that NaN is not
			fraction = fraction || v != float32(int(v))
			high = max(high, v)
		}
		sums := channels[channel].Data
		c.each(first, first+len(values), func(cell, from, to int) {
			for i := from; i < to; i++ {
				sums[cell] += values[i-first]
			}
		})
		r.done.Store(look.done.Load())
		r.all.Store(look.all.Load())
	})
	if !within || high > 1 && fraction {
		return channels, false
	}
	most := float32(1)
	if high > 1 {
		most = math.MaxUint8
	}
	for _, f := range channels {
		for i := range f.Data {
			f.Data[i] /= most * float32(c.places(i))
		}
	}
	return channels, true
}

// colourless reports whether a picture is grey, or as good as: in its own colours patches of it would not be told from grey ones.
func colourless(channels [3]draw.Field) bool {
	const (
		apart = 0.08 // channels of a colour that is seen, of 1; chroma of a grey JPEG is less
		few   = 0.01 // of the places
	)
	seen := 0
	for i, r := range channels[0].Data {
		if g, b := channels[1].Data[i], channels[2].Data[i]; max(r, g, b)-min(r, g, b) > apart {
			seen++
		}
	}
	return float64(seen) < few*float64(len(channels[0].Data))
}
