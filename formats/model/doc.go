// Package model reads and writes models and checkpoints: tensor streams (package stream) that hold a network, its
// parameters and what is needed to use them.
//
//	__meta__/model.json   network, classes, mean, std, min, max, magnitude, training, version; progress in a checkpoint
//	param/0.weight.npy    parameters in PyTorch's order: OIHW, [out,in]
//	optim/<name>.npy      state of the optimiser, in a checkpoint
//
// The network sees (x − mean)/std. Mean and std are a list with a number for each input channel, or one number for all; they
// are written as a list if the channels do not agree, and older models have one number. Min, max and
// magnitude say in the same form where the values of the training data lay, as they were read: the smallest, the largest
// and the mean absolute value. A model may lack these three together.
//
// Members are read in any order, and written in this one: the same model gives the same bytes. What is read is
// checked and what is written would pass the same check: a network, a positive deviation, names of classes as in a
// data set, a version that this program knows, one of each name, finite values. Nothing in a model is executed.
//
// A model has at most 10000 arrays. Its parameters together take at most Limits.Member bytes as float32, the state of the
// optimiser four times as much; more than by default is not written either. Besides what package stream takes, reading
// takes 100 times the bytes of model.json, of which there are 1 MiB at most.
package model
