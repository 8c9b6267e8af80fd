// Package model reads and writes models and checkpoints. These are tensor streams (package stream) with a network, its
// parameters, and what is needed to use them.
//
//	__meta__/model.json   network, classes, mean, std, min, max, magnitude, resize, training, version; progress in a checkpoint
//	param/0.weight.npy    parameters in PyTorch's order: OIHW, [out,in]
//	optim/<name>.npy      state of the optimiser, in a checkpoint
//
// The network sees (x − mean)/std. Mean and std are a list with a number for each input channel, or one number for all of
// them. (They are written as a list if the channels differ; older models have one number.) Min, max and magnitude have
// the same form. They are the smallest, the largest and the mean absolute value of the training data before that; a
// model may lack all three.
//
// Resize is there if samples of another size than the network's input are brought to it, before the normalisation: "area" is
// by the mean of the area that a pixel covers along axes that shrink, and linearly along axes that grow.
//
// Members are read in any order and written in this one: the same model gives the same bytes. Reading and writing check
// the same: that there is a network, that std is positive, that the names of classes are as in a data set, that this
// program knows the version, that no name comes twice, and that all values are finite. Nothing in a model is executed.
//
// A model has at most 10000 arrays. Its parameters together take at most Limits.Member bytes as float32, the state of the
// optimiser four times as much. Models beyond the default limit are not written. Besides what package stream takes,
// reading takes 100 times the bytes of model.json, which has at most 1 MiB.
package model
