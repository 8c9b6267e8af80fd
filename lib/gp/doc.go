// Package gp draws labelled multi-scale Gaussian-process textures: sums of standardised fields, each with a
// correlation length of its own, whose combination of lengths is the class.
//
// A field is a stationary Gaussian process of covariance exp(-r²/2ℓ²), r and ℓ in pixels, on a torus: it has no
// edges. Its covariance at a lag is the sum of that kernel over all images of the lag, exact to float32 rounding for
// every size and every length, with nothing clipped.
//
// Sample i of a seed is a function of the Spec and i alone, whatever was drawn before and on however many threads; one
// build on one kind of processor gives one sequence of bytes. A mode's random number depends on the seed, the sample,
// the scale and the mode, and on no length and no size. So fields of different lengths are the same noise seen through
// different spectra, and a texture keeps its picture when size and lengths grow together.
//
// Samples are float32, row-major, [height, width].
package gp
