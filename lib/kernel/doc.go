// Package kernel is the arithmetic that the time goes into: a block of a matrix product whose elements are found
// through tables, and maxima for pooling. Arrays are float32.
//
// The portable code is the reference and always compiled; on amd64 with FMA and AVX2 or AVX-512, and on arm64 with NEON,
// which all have, assembly takes its place, unless the tag noasm is set. GODEBUG=cpu.avx512f=off does without AVX-512,
// cpu.avx2=off without assembly.
//
// All sum the terms of an element in the same order. Assembly fuses multiplication and addition, in which AVX2, AVX-512 and
// NEON give the same bits; only a NaN may have others. It agrees with the portable code to rounding: the difference is at
// most 2·k·2⁻²⁴·Σ|a·b| for k terms.
package kernel
