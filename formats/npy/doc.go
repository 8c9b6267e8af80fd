// Package npy reads and writes arrays in NumPy's .npy format, and reads .npz archives of them.
//
// An array is the magic "\x93NUMPY", a version (1.0, 2.0 or 3.0), the length of the header (2 bytes little-endian in
// version 1.0, 4 bytes afterwards), the header, and the elements. The header is a Python dictionary with exactly the
// keys descr (type and byte order, '<f4'), fortran_order and shape, padded with spaces and ended by a newline, which may
// be missing when it is read. Arrays may follow one another. The format is specified by NumPy's numpy/lib/format.py
// ("NPY format", NEP 1).
//
// The package reads booleans, integers and floats of every size, in both byte orders, in C or Fortran order, with 0 to
// 64 dimensions; and texts (OpenText, ReadText). It refuses other types (complex, records, pickled objects). It writes
// version 1.0 headers with the same bytes as numpy.save, and little-endian elements in C order.
//
// A file is mapped where the system can do it (Mapping), and Planes reads a sample in it piece by piece, converted to float32.
//
// Reading allocates, freed or not, at most 1 MiB and eight times the bytes that arrive; for a file that is mapped, as
// much as its header. An archive takes eight times its bytes, four times the limit of its arrays, and 256 KiB for each
// member that is read.
//
// No header is believed without the bytes that it announces: the shape is checked for overflow and against the caller's
// limit, and memory grows with the bytes that arrive. Damaged input is ErrFormat, input beyond the limit is ErrTooLarge,
// and input that ends early is io.ErrUnexpectedEOF (package cut).
package npy
