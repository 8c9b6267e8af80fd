package kernel

import "unsafe"

// toPointsGeneric is the reference.
func toPointsGeneric(l *Lines) {
	l.each(Points, Points, func(d, v []float32) {
		e, o := d[4]-far2*d[2], d[3]-far2*d[1]
		v[1], v[2] = e+near*o, e-near*o
		e, o = d[4]-near2*d[2], d[3]-near2*d[1]
		v[3], v[4] = e+far*o, e-far*o
		v[0] = d[4] - both*d[2] + product*d[0]
		v[5] = d[5] - both*d[3] + product*d[1]
	})
}

// filterToPointsGeneric is likewise.
func filterToPointsGeneric(l *Lines) {
	l.each(PatchExtent, Points, func(g, v []float32) {
		e, o := g[0]+near2*g[2], near*(g[1]+near2*g[3])
		v[1], v[2] = atNear*(e+o), atNear*(e-o)
		e, o = g[0]+far2*g[2], far*(g[1]+far2*g[3])
		v[3], v[4] = atFar*(e+o), atFar*(e-o)
		v[0], v[5] = atZero*g[0], g[3]
	})
}

// toSumsGeneric is likewise.
func toSumsGeneric(l *Lines) {
	l.each(Points, PatchExtent, func(m, y []float32) {
		s, d := m[1]+m[2], m[1]-m[2]
		u, e := m[3]+m[4], m[3]-m[4]
		y[0] = m[0] + (s + u)
		y[1] = near*d + far*e
		y[2] = near2*s + far2*u
		y[3] = m[5] + near3*d + far3*e
	})
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

// each calls f with the elements of all lines at each place, to set those that are written.
func (l *Lines) each(ins, outs int, f func(in, out []float32)) {
	var in, out [Points]float32
	var read, written [Points][]float32
	for k := range ins {
		read[k] = unsafe.Slice(l.In[k], l.N+(l.Count-1)*l.InStep)
	}
	for k := range outs {
		written[k] = unsafe.Slice(l.Out[k], l.N+(l.Count-1)*l.OutStep)
	}
	for i := range l.Count {
		for j := range l.N {
			for k := range ins {
				in[k] = read[k][i*l.InStep+j]
			}
			f(in[:], out[:])
			for k := range outs {
				written[k][i*l.OutStep+j] = out[k]
			}
		}
	}
}
