// Package safetensors writes arrays of float32 as a .safetensors file, which PyTorch's and others' libraries read
// (https://github.com/huggingface/safetensors):
//
//	8 bytes      the length of the header, the lowest byte first
//	header       a JSON object: {"__metadata__": {texts}, name: {"dtype": "F32", "shape": [2,3], "data_offsets": [from, to]}, …}
//	data         of all arrays, without gaps, in C order, the lowest byte first
//
// The header is filled up with spaces to a multiple of 8 bytes, so that data are aligned. The same arrays give the same bytes.
package safetensors
