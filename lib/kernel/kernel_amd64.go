//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

// What this processor runs.
var (
	tile    = tileGeneric
	maximum = maxGeneric
	winners = winnersGeneric
	pool    = poolGeneric
	add     = addGeneric
	atLeast = atLeastGeneric
)

func init() {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return
	}
	tile, maximum, winners, pool, add, atLeast = tileAVX2, maxAVX2, winnersAVX2, poolAVX2, addAVX2, atLeastAVX2
	if cpu.X86.HasAVX512F {
		tile = tileAVX512
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

// maxAVX2 is maxGeneric.
//
//go:noescape
func maxAVX2(dst, a *float32, n, count, dstStep, aStep int)

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
