// Package patchwork draws fields as the first generator of multi-scale textures did (S. Golkar, K. Cranmer, "Multi-scale
// Gaussian process dataset", 2018, https://doi.org/10.5281/zenodo.1252464; the program is GP_create.py of
// github.com/golkar/backdrop), and tells how far its fields are from the Gaussian processes that package gp draws.
//
// Lengths below 50 px: small fields of squared-exponential covariance, each under the envelope exp(-23 r²), with r in patch
// sizes from its centre, are added at random places. A patch is drawn on 50×50 points with a length of 8 points, or of
// ℓ if that is less, and interpolated with cubic splines by the factor ℓ/8. There are 6 for every area of
// (0.6 patch sizes)². The places leave the edges thin. So the last strip of rows, 1.246·0.8 patch sizes wide, is added to
// the first and copied back, and the same is done with columns. The strip is then as wide as a patch, and the whole is a
// field of period "size less strip", of which a little more than one period is shown: it is not a torus of the size itself.
//
// Lengths from 50 px: one field on a grid of an eighth of the points, interpolated with cubic splines, with open edges.
//
// A field of patches is not Gaussian: about one patch covers each point, so that the variance changes from place to
// place and the kurtosis is 4.3 instead of 3. Nor has it the length that was asked for: its expected covariance is the
// patch's, exp(-r²/2l²), times that of the envelope, exp(-23 r²/2S²) for patches of S px.
//
// Fields are float32, [height, width], row by row, with a variance of 1 on average. A field depends on (seed, sample, scale)
// and its Layout alone.
package patchwork
