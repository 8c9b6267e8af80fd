//go:build !noasm

package kernel

// All arm64 processors have NEON.
func tile(t *Tile) { tileNEON(t) }

func maxima(m *Maxima) { maximaGeneric(m) }

func gated(dst, a, gate *float32, n int, scale float32) { gateGeneric(dst, a, gate, n, scale) }

func toPoints(l *Lines) { toPointsGeneric(l) }

func filterToPoints(l *Lines) { filterToPointsGeneric(l) }

func toSums(l *Lines) { toSumsGeneric(l) }

func products(p *Products) { productsOfTiles(p) }

func pool(p *Pool) { poolNEON(p) }

func winners(w *Winners) { winnersNEON(w) }

func add(dst, a, b *float32, n int, floor float32) { addNEON(dst, a, b, n, floor) }

func atLeast(dst, a *float32, n int, floor float32) { atLeastNEON(dst, a, n, floor) }

// tileNEON gives the same bits as tileAVX2.
//
//go:noescape
func tileNEON(t *Tile)

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

// CanScatter reports whether this processor runs Scatter. Others had better sum tiles, in the same order.
func CanScatter() bool { return false }

func scatter(*Scatter) {}
