// Package onnx writes graphs of operators as ONNX models: a protobuf message with nodes, weights, inputs and outputs (ONNX,
// docs/IR.md and onnx/onnx.proto, https://github.com/onnx/onnx). It writes what inference takes, in float32 and int64, and
// knows nothing of what operators do.
//
// Models are of operator set 17 and IR version 8, those of ONNX 1.12 (June 2022). The same model gives the same bytes.
//
// A protobuf message has at most 2 GiB; a larger model is an error.
package onnx

// Versions of what is written.
const (
	Opset     = 17 // of the operators, domain ai.onnx
	IRVersion = 8
)
