// Package scale measures the mean, deviation and range of each channel of samples. It brings samples to mean 0 and deviation
// 1, and recognises samples on another scale than those that a network was trained with.
//
// A sample is its values in C,H,W order. What is measured depends on the samples and their order alone; sums are float64.
package scale
