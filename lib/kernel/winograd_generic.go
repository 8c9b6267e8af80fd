package kernel

import "unsafe"

// toPointsGeneric is the reference.
func toPointsGeneric(l *Lines) {
	for time := range l.Count {
		in, out := l.lines(Points, Points, time)
		for i := range in[0] {
			d0, d1, d2, d3, d4, d5 := in[0][i], in[1][i], in[2][i], in[3][i], in[4][i], in[5][i]
			e, o := d4-far2*d2, d3-far2*d1
			out[1][i], out[2][i] = e+near*o, e-near*o
			e, o = d4-near2*d2, d3-near2*d1
			out[3][i], out[4][i] = e+far*o, e-far*o
			out[0][i] = d4 - both*d2 + product*d0
			out[5][i] = d5 - both*d3 + product*d1
		}
	}
}

// filterToPointsGeneric is likewise.
func filterToPointsGeneric(l *Lines) {
	for time := range l.Count {
		in, out := l.lines(PatchExtent, Points, time)
		for i := range in[0] {
			g0, g1, g2, g3 := in[0][i], in[1][i], in[2][i], in[3][i]
			e, o := g0+near2*g2, near*(g1+near2*g3)
			out[1][i], out[2][i] = atNear*(e+o), atNear*(e-o)
			e, o = g0+far2*g2, far*(g1+far2*g3)
			out[3][i], out[4][i] = atFar*(e+o), atFar*(e-o)
			out[0][i], out[5][i] = atZero*g0, g3
		}
	}
}

// toSumsGeneric is likewise.
func toSumsGeneric(l *Lines) {
	for time := range l.Count {
		in, out := l.lines(Points, PatchExtent, time)
		for i := range in[0] {
			m0, m1, m2, m3, m4, m5 := in[0][i], in[1][i], in[2][i], in[3][i], in[4][i], in[5][i]
			s, d := m1+m2, m1-m2
			u, e := m3+m4, m3-m4
			out[0][i] = m0 + (s + u)
			out[1][i] = near*d + far*e
			out[2][i] = near2*s + far2*u
			out[3][i] = m5 + near3*d + far3*e
		}
	}
	l.addBias()
}

// addBias adds the bias, if there is one, to the sums.
func (l *Lines) addBias() {
	if l.Bias == nil {
		return
	}
	bias := unsafe.Slice(l.Bias, l.N)
	for _, out := range l.Out[:PatchExtent] {
		lines := unsafe.Slice(out, l.N+(l.Count-1)*l.OutStep)
		for i := range l.Count {
			line := lines[i*l.OutStep:][:l.N]
			addGeneric(&line[0], &line[0], &bias[0], l.N, l.Floor)
		}
	}
}

// lines returns the lines, of N elements, at one of the times. Lines that are written may be those that are read.
func (l *Lines) lines(ins, outs, time int) (in, out [Points][]float32) {
	for k := range ins {
		in[k] = unsafe.Slice(l.In[k], l.N+(l.Count-1)*l.InStep)[time*l.InStep:][:l.N]
	}
	for k := range outs {
		out[k] = unsafe.Slice(l.Out[k], l.N+(l.Count-1)*l.OutStep)[time*l.OutStep:][:l.N]
	}
	return in, out
}
