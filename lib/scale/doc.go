// Package scale knows what scale samples are on: the mean, deviation and range of each of their channels. It brings
// samples to mean 0 and deviation 1, and tells samples that are on another scale than those a network was trained with.
//
// A sample is its values in C,H,W order. What is measured is a function of the samples in their order, summed in float64.
package scale
