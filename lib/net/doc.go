// Package net says what a network is: layers as text, shapes, receptive fields, parameters and masks. Nothing is
// computed here; package engine runs a network.
//
// A Network is one layer a line (Parse, String). What each kind of layer may say and makes of its input stands in one
// table, in kinds.go. Weights holds the parameters, float32, in PyTorch's order ([O,C,H,W] and [O,C]). DrawMasks draws all
// that is random in a training step before it, from (seed, step, layer, sample). A sample is one [C,H,W] array,
// row-major.
package net
