// Package run is what a training run is, apart from how it is done: its settings, the record of an epoch, the log that
// records are written to, how far a run has come, and what a model and a checkpoint file say of it in JSON. It is the one place
// that knows these formats, and older forms of them.
package run
