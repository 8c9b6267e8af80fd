//go:build (!amd64 && !arm64) || noasm

package kernel

func tile(t *Tile) { tileGeneric(t) }

func maxima(m *Maxima) { maximaGeneric(m) }

func pool(p *Pool) { poolGeneric(p) }

func winners(w *Winners) { winnersGeneric(w) }

func add(dst, a, b *float32, n int, floor float32) { addGeneric(dst, a, b, n, floor) }

func atLeast(dst, a *float32, n int, floor float32) { atLeastGeneric(dst, a, n, floor) }

func toPoints(l *Lines) { toPointsGeneric(l) }

func filterToPoints(l *Lines) { filterToPointsGeneric(l) }

func toSums(l *Lines) { toSumsGeneric(l) }

func products(p *Products) { productsOfTiles(p) }

func gated(dst, a, gate *float32, n int, scale float32) { gateGeneric(dst, a, gate, n, scale) }

// CanScatter reports whether this processor runs Scatter. Others had better sum tiles, in the same order.
func CanScatter() bool { return false }

func scatter(*Scatter) {}
