// Package nn describes convolutional networks with backdrop layers as text, and runs them forward and backward.
//
// A Network is one layer a line (Parse, String); Shapes and Geometry say what each layer makes of its input without
// any work being done. Weights holds the parameters, float32, in PyTorch's order (O,I,H,W and O,I). A Runner takes
// a batch through the network and its gradient back. A sample is one C,H,W slice, row-major.
//
// All that is random in a step is drawn before it, by DrawMasks, from (seed, step, layer, sample). A step gives the
// same bits for every number of threads: a batch is cut into pieces that depend on its size alone, and the pieces'
// gradients are added in order.
package engine
