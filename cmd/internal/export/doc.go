// Package export writes models in the formats of other programs: as an ONNX graph, and as a safetensors file for the module in
// examples/pytorch.
package export
