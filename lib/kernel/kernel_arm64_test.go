//go:build !noasm

package kernel

func init() {
	implementations["neon"] = implementation{tileNEON, poolNEON, maximaGeneric, winnersNEON, addNEON, atLeastNEON, gateGeneric}
}
