//go:build (!amd64 && !arm64) || noasm

package kernel

func tile(t *Tile) { tileGeneric(t) }

func maximum(dst, a *float32, n, count, dstStep, aStep int) {
	maxGeneric(dst, a, n, count, dstStep, aStep)
}

func pool(p *Pool) { poolGeneric(p) }

func winners(w *Winners) { winnersGeneric(w) }

func add(dst, a, b *float32, n int, floor float32) { addGeneric(dst, a, b, n, floor) }

func atLeast(dst, a *float32, n int, floor float32) { atLeastGeneric(dst, a, n, floor) }
