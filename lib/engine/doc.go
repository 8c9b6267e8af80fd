// Package engine runs networks: a Runner takes a batch through a network and its gradient back.
//
// A network is compiled to nodes, each an operation (op_conv.go, op_maxpool.go, …) with the pointwise layers behind it
// (points.go). Early nodes, whose tensors are large, are computed band by band of slabs, so that their tensors never exist
// as a whole (band.go, forward.go). Before a training step, the plan finds out from the masks alone where a gradient
// survives (plan.go); only what the way back needs is kept (kept.go) or computed again (recompute.go), and only surviving
// gradients are computed, block by block (back.go, runback.go). The linear layers at the end, the head, take many samples at a time (head.go).
//
// A step gives the same bits for every number of threads: a batch is cut into pieces that depend on its size alone, and
// the pieces' gradients are added in order. After steps like it, a step allocates nothing.
package engine
