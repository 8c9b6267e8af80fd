// Package train fits a network's weights to samples: steps over batches (package data), validation, early stopping, what to say
// of a run that diverges, and the state that a checkpoint keeps.
//
// A run is a function of its Config, the initial weights and the data. Everything random in it has coordinates: those of the
// data (package data) and, of the masks, (seed, step, layer, sample). One epoch alone keeps the order of the data. So a run
// that was stopped after any step and restored goes on to the same bits. The clock is used for the Seconds of a record alone,
// and runs monotonically.
package train
