//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

var tile, maximum, pool, winners = pick()

func pick() (func(*Tile), func(dst, a *float32, n, count, dstStep, aStep int), func(*Pool), func(*Winners)) {
	switch {
	case !cpu.X86.HasAVX2 || !cpu.X86.HasFMA:
		return tileGeneric, maxGeneric, poolGeneric, winnersGeneric
	case cpu.X86.HasAVX512F:
		return tileAVX512, maxAVX2, poolAVX2, winnersAVX2
	}
	return tileAVX2, maxAVX2, poolAVX2, winnersAVX2
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
