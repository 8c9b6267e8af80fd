// Package kernel is the arithmetic that the time goes into: a block of a matrix product whose elements are found
// through tables, and maxima for pooling. Arrays are float32.
//
// The portable code is the reference and always compiled; on amd64 with FMA and AVX2 or AVX-512 assembly takes its place,
// unless the tag noasm is set. All sum the terms of an element in the same order, and AVX2 and AVX-512 give the same bits;
// assembly fuses multiplication and addition, so it agrees with the portable code to rounding: the difference is at most
// 2·k·2⁻²⁴·Σ|a·b| for k terms.
package kernel
