//go:build !noasm

package kernel

func init() {
	implementations["neon"] = implementation{tileNEON, maxNEON, poolNEON, winnersNEON, addNEON, atLeastNEON}
}
