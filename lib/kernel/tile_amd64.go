//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

var tile, maximum = pick()

func pick() (func(*Tile), func(dst, a *float32, n, count, dstStep, aStep int)) {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return tileAVX2, maxAVX2
	}
	return tileGeneric, maxGeneric
}

// tileAVX2 is tileGeneric with fused multiply-adds.
//
//go:noescape
func tileAVX2(t *Tile)

// maxAVX2 is maxGeneric.
//
//go:noescape
func maxAVX2(dst, a *float32, n, count, dstStep, aStep int)
