// Package mask draws the masks of backdrop layers (S. Golkar, K. Cranmer, "Backdrop: Stochastic Backpropagation",
// arXiv:1806.01337, 2018).
//
// A backdrop layer is the identity forward; backward it multiplies the gradient by a factor that is 0 in the cells
// that the mask dropped and size/kept in the others, so that the factor of every cell is 1 on average, for every
// probability p of dropping a cell. A mask has cells along the axes that it names, and is the same along the others.
// It is never empty: where every cell was dropped, one random cell is kept.
//
// A mask depends on (seed, step, layer) and, where it has the axis N, for the cells of sample n on n; on nothing else,
// and least of all on what was drawn before. Drawing into a Mask that already has room allocates nothing.
package mask
