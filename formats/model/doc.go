// Package model reads and writes models and checkpoints: tensor streams (package stream) that hold a network, its
// parameters and what is needed to use them.
//
//	__meta__/model.json   network, classes, mean, std, training, version; progress in a checkpoint
//	param/0.weight.npy    parameters in PyTorch's order: OIHW, [out,in]
//	optim/<name>.npy      state of the optimiser, in a checkpoint
//
// Members are read in any order, and written in this one: the same model gives the same bytes. What is read is
// checked and what is written would pass the same check: a network, a positive deviation, names of classes as in a
// data set, a version that this program knows, one of each name, finite values. Nothing in a model is executed.
//
// A model has at most 8000 arrays, which together take at most Limits.Member bytes as float32. Besides what package stream
// takes, reading takes 100 times the bytes of model.json, of which there are 1 MiB at most.
package model
