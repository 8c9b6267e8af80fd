// Package dataset reads samples from whatever holds them: a tensor stream (package stream), a .npy array with one
// sample a row, or an .npz archive of the arrays x and y. What it is shows in its first bytes, not in its name.
//
// Open reads samples once, one at a time, and holds one. Load gives all samples by number, for several epochs: a .npy
// file stays where it is and is mapped into memory; anything else is kept in memory up to a limit and in an unlinked
// temporary file (in the folder named by TMPDIR) beyond it.
//
// What is held besides the samples is bounded too: by what packages npy and stream promise; for an archive that comes
// through a pipe, a quarter of Options.Memory, and beyond it a temporary file; for the keys and labels of a table, a third
// of it (or 1 MiB); for names of classes that the largest label implies, or that an array of labels holds, 32 MiB. Held says
// how much it is.
//
// Both let nothing bad through: every sample has the shape of the first, only finite values (unless the caller wants to
// see the others), and a label that means a class, where labels are asked for. What a label means says stream.ClassNames; labels
// of arrays are numbers, or texts, which name the classes in their order (NameClasses). An error opens with "reading stdin: "
// or "reading NAME: " and says which sample it was. Input that is cut short is an error, never a short data set: io.EOF means
// that all of it was read and in order.
package dataset
