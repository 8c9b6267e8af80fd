package kernel

// Scatter adds a pixel's gradient to those of the pixels that it comes from: for each target and each column j of each panel,
//
//	C[At + To[i].A + 16·panel + j] += Σ A[Terms[k].A] · B[Panel·panel + To[i].B + Terms[k].B + j]
//
// by fused multiply-adds, in the order of the terms. Terms whose element of A is zero can be left out.
type Scatter struct {
	Terms   []Term
	To      []Term
	A, B, C []float32
	At      int
	Panel   int
	Panels  int
}

// Run adds the terms. It is there if CanScatter. Offsets that lead out of A, B or C are the caller's mistake, and are not
// noticed.
func (s *Scatter) Run() {
	if len(s.Terms) > 0 && len(s.To) > 0 && s.Panels > 0 {
		scatter(s)
	}
}
