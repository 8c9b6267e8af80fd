// Package dataset reads samples from a tensor stream (package stream), from a folder of the files that are members of one, from a
// .npy array with one sample a row, or from an .npz archive with an array of samples and one of labels. The first bytes say which
// of these it is; the name does not matter.
//
// Open reads the samples once, one after the other, and holds one at a time. Load gives access to all samples by number,
// for several epochs. A .npy file is mapped into memory, and samples stay there; so do large ones in a plain tar on disk or in a folder, and with
// Options.InPlace those that Open returns. Anything else is kept in memory up to a limit, and beyond it in a temporary file without
// a name, in the folder that TMPDIR names. A file that changes its size while samples are in it is an error of Err.
//
// Memory besides the samples is bounded, too:
//
//	by packages npy and stream                 for reading
//	a quarter of Options.Memory                for an archive that comes through a pipe; the rest is in a temporary file
//	a third of Options.Memory, or 1 MiB        for the keys and labels of a table
//	32 MiB                                     for names of classes in an array of labels, or up to the largest label
//
// Held says how much it is.
//
// Every sample has the shape of the first (unless the caller allows other sizes, or has all resized) and only finite values (unless
// the caller allows others) and, where labels are
// needed, a label that means a class, by stream.ClassNames. Labels of arrays are numbers, or texts, which are the names
// of the classes in alphabetical order (NameClasses); so are those of a stream that are all texts, if it does not name its classes (Load). Where no sample of a stream or a folder has a label, the folder that it lies
// in is its class: one of that name or, where classes have none, the first in which the paths differ. An error starts with "reading stdin: " or "reading NAME: " and says
// which sample it is about. Input that is cut is an error, never a short data set: io.EOF means that all of it was read
// and in order.
package dataset
