//go:build !noasm

package kernel

func init() {
	implementations["neon"] = implementation{tileNEON, poolNEON, maximaNEON, winnersNEON, addNEON, atLeastNEON, gateNEON}
	ofProcessor["neon"] = transforms{toPointsNEON, filterToPointsNEON, toSumsNEON, productsOfTiles}
}
