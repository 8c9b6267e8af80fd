package draw

import "gonum.org/v1/plot/plotter"

// A lineShare says which of the curves that coincide one is, from 0, and how many there are.
type lineShare struct{ number, of int }

// sharesOfLines finds curves that coincide, but for less than half of their corners, with the first of them.
func sharesOfLines(curves []Curve) []lineShare {
	shares, first := make([]lineShare, len(curves)), make([]int, len(curves))
	corners := make([]plotter.XYs, len(curves))
	for i, c := range curves {
		corners[i], first[i] = cornersOf(c), i
		for j := range i {
			if first[j] == j && c.Grey == curves[j].Grey && mostlySame(corners[i], corners[j]) {
				first[i] = j
				break
			}
		}
		shares[i].number = shares[first[i]].of
		shares[first[i]].of++
	}
	for i := range shares {
		shares[i].of = shares[first[i]].of
	}
	return shares
}

// cornersOf are the points of a curve without those in the middle of level and upright parts.
func cornersOf(c Curve) plotter.XYs {
	var kept plotter.XYs
	for _, p := range xys(c.X, c.Y) {
		if n := len(kept); n > 1 && (kept[n-2].X == p.X && kept[n-1].X == p.X || kept[n-2].Y == p.Y && kept[n-1].Y == p.Y) {
			kept = kept[:n-1]
		}
		kept = append(kept, p)
	}
	return kept
}

// mostlySame reports whether more than half of the corners of both are those of the other.
func mostlySame(a, b plotter.XYs) bool {
	in := map[plotter.XY]bool{}
	for _, p := range a {
		in[p] = true
	}
	both := 0
	for _, p := range b {
		if in[p] {
			both++
		}
	}
	return 2*both > max(len(a), len(b))
}
