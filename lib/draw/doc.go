// Package draw makes PNG pictures of numbers: heat maps of fields, photos, views of volumes, lines and strips of sequences, sheets
// of titled panels of them and animations of sheets; plots of curves in the unit square, of training runs by epoch and of
// their results, and confusion matrices.
//
// The bytes of a picture depend on what it shows alone: they are the same on every run and for every number of
// threads. A value is one square of whole pixels, a longer rectangle in a picture of a few rows or columns, or one pixel is the
// mean of a square of whole values; nothing but a line of a sequence is interpolated. A value that is not a number is drawn in a colour that no colour map has, and is
// never averaged away.
package draw
