// Package train fits a network's weights to labelled samples: batches, the loop over epochs, validation, early
// stopping and what a checkpoint needs.
//
// A run is a function of its Config, the initial weights and the data. Everything random in it has coordinates: the
// order of samples (seed, epoch), unless there is one epoch only, which keeps that of the data; what augmentation does to a
// sample (seed, epoch, sample); the masks of a step (seed, step, layer, sample). So a run that was stopped after any step
// and restored goes on to the same bits. The clock is used for Seconds of a record alone, and runs monotonically.
package train
