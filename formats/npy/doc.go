// Package npy reads and writes arrays in NumPy's .npy format, and reads .npz archives of them.
//
// An array is the magic "\x93NUMPY", a version (1.0, 2.0 or 3.0), the length of the header (2 bytes little-endian in
// version 1.0, 4 bytes afterwards), the header, and the elements. The header is a Python dictionary with exactly the
// keys descr (type and byte order, '<f4'), fortran_order and shape, padded with spaces and ended by a newline, which may
// be missing when it is read. Arrays may follow one another on a stream. The format is specified by NumPy's
// numpy/lib/format.py ("NPY format", NEP 1).
//
// Read are booleans, integers and floats of every size, in both byte orders and in C or Fortran order, from zero to
// 64 dimensions; other types (complex, strings, records, pickled objects) are refused. Written are version 1.0 headers
// with the same bytes as numpy.save's, and little-endian elements in C order.
//
// Reading takes from the heap, given back or not, at most 1 MiB and eight times the bytes that arrive; of a file that is
// mapped, its header. An archive takes eight times its bytes, four times the limit of its arrays, and 256 KiB for each
// member that is read.
//
// A header is believed only as far as the bytes that follow it: the shape is checked for overflow and against the
// caller's limit, and memory grows with what was read, not with what was claimed. Damaged input is ErrFormat, input that
// ends early is io.ErrUnexpectedEOF, input beyond the limit is ErrTooLarge.
package npy
