package draw

import (
	"image/color"
	"strconv"
	"sync"
)

// A ColourMap turns a position between 0 and 1 into a colour. Equal steps look equally large.
type ColourMap struct{ colours func() *[256]color.RGBA }

// Viridis, Inferno and Magma are the perceptually uniform maps of S. van der Walt and N. J. Smith, "A Better Default
// Colormap for Matplotlib", SciPy 2015, https://bids.github.io/colormap/, dedicated to the public domain (CC0).
var (
	Viridis = fromTable(viridisTable)
	Inferno = fromTable(infernoTable)
	Magma   = fromTable(magmaTable)
)

// Greys runs from black to white.
var Greys = ColourMap{sync.OnceValue(func() *[256]color.RGBA {
	var c [256]color.RGBA
	for i := range c {
		c[i] = color.RGBA{uint8(i), uint8(i), uint8(i), 255}
	}
	return &c
})}

// Missing is the colour of a value that is not a number.
var Missing = color.RGBA{0, 255, 255, 255}

// At returns the colour at position t; positions below 0 and above 1 have the colours of the ends.
func (m ColourMap) At(t float64) color.RGBA { return m.colours()[index(t)] }

// index is that of the colour at position t: the unit interval is cut in 256 equal parts.
func index(t float64) uint8 { return uint8(max(0, min(255, t*256))) }

// fromTable reads a map of 256 colours, each written as rrggbb.
func fromTable(hex string) ColourMap {
	return ColourMap{sync.OnceValue(func() *[256]color.RGBA {
		var c [256]color.RGBA
		for i := range c {
			v, err := strconv.ParseUint(hex[6*i:6*i+6], 16, 32)
			if err != nil {
				panic("draw: damaged colour table")
			}
			c[i] = color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
		}
		return &c
	})}
}
