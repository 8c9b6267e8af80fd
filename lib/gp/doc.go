// Package gp draws labelled multi-scale Gaussian-process textures: sums of fields, each with a correlation length of its
// own, whose combination of lengths is the class. Each field is standardised over its sample unless told otherwise.
//
// A field is a stationary Gaussian process on a grid of one, two or three dimensions. On a torus it has no edges, and its
// covariance at a lag is the sum of the kernel over all images of the lag; open, it is a window of unbounded space, with
// the kernel itself as covariance. Both are exact to float32 rounding for every size and every length, with nothing
// clipped: an open covariance is right to 2⁻³² of its value at 0, for Matérn kernels by circulant embedding; a squared
// exponential lacks the highest frequencies along each axis that together hold no more than 2⁻³² of its variance.
//
// A squared exponential has few modes, and a field is a product of matrices: its values are Bᵀ Z B, from a few normals Z.
// The other kernels have as many modes as there are points; their lines are expanded by the same products or by Fourier
// transforms, whichever is faster.
//
// Kernels are one table: see forms. Errors are neutral; where a program can say what to try, they have a type.
//
// An image or a volume may be larger than memory: NewLargeSampler draws it by way of a Store, such as a file, to the same bits.
//
// Spec.Patches draws fields as the data set of 2018 was drawn instead, which are none of this: see package patchwork.
//
// Sample i of a seed is a function of the Spec and i alone, whatever was drawn before and on however many threads; one
// build on one kind of processor gives one sequence of bytes. A mode's random number depends on the seed, the sample,
// the scale and the mode, and on no kernel, length or size. So fields of different lengths and kernels are the same noise
// seen through different spectra, and a texture keeps its picture when size and lengths grow together.
//
// Samples are float32, row-major, [length], [height, width] or [depth, height, width].
package gp
