//go:build !noasm

package kernel

// All arm64 processors have NEON.
func tile(t *Tile) { tileNEON(t) }

func maxima(m *Maxima) { maximaNEON(m) }

func gated(dst, a, gate *float32, n int, scale float32) { gateNEON(dst, a, gate, n, scale) }

func toPoints(l *Lines) { toPointsNEON(l) }

func filterToPoints(l *Lines) { filterToPointsNEON(l) }

func toSums(l *Lines) { toSumsNEON(l) }

func products(p *Products) { productsOfTiles(p) }

func pool(p *Pool) { poolNEON(p) }

func winners(w *Winners) { winnersNEON(w) }

func add(dst, a, b *float32, n int, floor float32) { addNEON(dst, a, b, n, floor) }

func atLeast(dst, a *float32, n int, floor float32) { atLeastNEON(dst, a, n, floor) }

func scatter(*Scatter) {}

// CanScatter reports whether this processor runs Scatter. Others had better sum tiles, in the same order.
func CanScatter() bool { return false }

// tileNEON gives the same bits as tileAVX2.
//
//go:noescape
func tileNEON(t *Tile)

// maximaNEON is maximaGeneric.
//
//go:noescape
func maximaNEON(m *Maxima)

// poolNEON is poolGeneric.
//
//go:noescape
func poolNEON(p *Pool)

// winnersNEON is winnersGeneric.
//
//go:noescape
func winnersNEON(w *Winners)

// addNEON is addGeneric.
//
//go:noescape
func addNEON(dst, a, b *float32, n int, floor float32)

// atLeastNEON is atLeastGeneric.
//
//go:noescape
func atLeastNEON(dst, a *float32, n int, floor float32)

// gateNEON is gateGeneric.
//
//go:noescape
func gateNEON(dst, a, gate *float32, n int, scale float32)

// toPointsNEON gives the same bits as toPointsAVX2.
//
//go:noescape
func toPointsNEON(l *Lines)

// filterToPointsNEON gives the same bits as filterToPointsAVX2.
//
//go:noescape
func filterToPointsNEON(l *Lines)

// toSumsNEON gives the same bits as toSumsAVX2.
//
//go:noescape
func toSumsNEON(l *Lines)
