package engine

// linearForward computes y[o] = b[o] + Σ w[o,i]·x[i].
func linearForward[T float](x, w, b, y []T) {
	for o := range y {
		s := b[o]
		for i, v := range x {
			s += w[o*len(x)+i] * v
		}
		y[o] = s
	}
}

func linearBackward[T float](x, w, dy, dw, db, dx []T) {
	clear(dx)
	for o, g := range dy {
		db[o] += g
		for i, v := range x {
			dw[o*len(x)+i] += g * v
			dx[i] += g * w[o*len(x)+i]
		}
	}
}
