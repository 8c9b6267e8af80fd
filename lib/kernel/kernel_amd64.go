//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

// What this processor runs.
var (
	tile    = tileGeneric
	maxima  = maximaGeneric
	winners = winnersGeneric
	pool    = poolGeneric
	add     = addGeneric
	atLeast = atLeastGeneric
	gated   = gateGeneric

	toPoints       = toPointsGeneric
	filterToPoints = filterToPointsGeneric
	toSums         = toSumsGeneric
	products       = productsOfTiles

	scatter func(*Scatter)
)

// CanScatter reports whether this processor runs Scatter. Others had better sum tiles, in the same order.
func CanScatter() bool { return scatter != nil }

func init() {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return
	}
	tile, maxima, winners, pool, add, atLeast, gated = tileAVX2, maximaAVX2, winnersAVX2, poolAVX2, addAVX2, atLeastAVX2, gateAVX2
	toPoints, filterToPoints, toSums = toPointsAVX2, filterToPointsAVX2, toSumsAVX2
	if cpu.X86.HasAVX512F {
		tile, products, scatter = tileAVX512, productsAVX512, scatterAVX512
		toPoints, filterToPoints, toSums = toPointsAVX512, filterToPointsAVX512, toSumsAVX512
	}
}

// tileAVX2 is tileGeneric with fused multiply-adds.
//
//go:noescape
func tileAVX2(t *Tile)

// tileAVX512 gives the same bits as tileAVX2.
//
//go:noescape
func tileAVX512(t *Tile)

// maximaAVX2 is maximaGeneric.
//
//go:noescape
func maximaAVX2(m *Maxima)

// poolAVX2 is poolGeneric.
//
//go:noescape
func poolAVX2(p *Pool)

// winnersAVX2 is winnersGeneric.
//
//go:noescape
func winnersAVX2(w *Winners)

// addAVX2 is addGeneric.
//
//go:noescape
func addAVX2(dst, a, b *float32, n int, floor float32)

// atLeastAVX2 is atLeastGeneric.
//
//go:noescape
func atLeastAVX2(dst, a *float32, n int, floor float32)

// toPointsAVX2 is toPointsGeneric with fused multiply-adds.
//
//go:noescape
func toPointsAVX2(l *Lines)

// toPointsAVX512 is toPointsGeneric with fused multiply-adds.
//
//go:noescape
func toPointsAVX512(l *Lines)

// filterToPointsAVX2 is filterToPointsGeneric with fused multiply-adds.
//
//go:noescape
func filterToPointsAVX2(l *Lines)

// filterToPointsAVX512 is filterToPointsGeneric with fused multiply-adds.
//
//go:noescape
func filterToPointsAVX512(l *Lines)

// toSumsAVX2 is toSumsGeneric with fused multiply-adds.
//
//go:noescape
func toSumsAVX2(l *Lines)

// toSumsAVX512 is toSumsGeneric with fused multiply-adds.
//
//go:noescape
func toSumsAVX512(l *Lines)

// productsAVX512 gives the same bits as productsOfTiles with tileAVX2.
//
//go:noescape
func productsAVX512(p *Products)

// gateAVX2 is gateGeneric.
//
//go:noescape
func gateAVX2(dst, a, gate *float32, n int, scale float32)

// scatterAVX512 is Scatter.Run.
//
//go:noescape
func scatterAVX512(s *Scatter)
