package engine

// sums are the gradients of an operation's parameters that one group of work adds up.
type sums struct {
	rows []float32 // in the operation's own order
	used bool      // in this step; before that their content is undefined
}

// use makes the sums ready for adding to them.
func (a *sums) use() []float32 {
	if !a.used {
		clear(a.rows)
		a.used = true
	}
	return a.rows
}

// add adds the sums of another group.
func (a *sums) add(b *sums) {
	dst := a.rows
	for i, v := range b.rows[:len(dst)] {
		dst[i] += v
	}
}
