package metric

// Confusion counts samples by true class (rows) and predicted class (columns).
type Confusion struct {
	Classes []string // their names
	Count   [][]int  // [true class][predicted class]
}

func newConfusion(classes []string) Confusion {
	c := Confusion{Classes: classes, Count: make([][]int, len(classes))}
	for i := range c.Count {
		c.Count[i] = make([]int, len(classes))
	}
	return c
}

// support is the number of samples of each class.
func (c Confusion) support() []int {
	n := make([]int, len(c.Count))
	for i, row := range c.Count {
		for _, count := range row {
			n[i] += count
		}
	}
	return n
}

// Accuracy is the fraction of samples whose class was predicted, with Wilson's interval. It equals F1 averaged by counts
// (micro), as every sample has one class.
func (c Confusion) Accuracy(want Confidence) Value {
	right, n := 0, 0
	for i, row := range c.Count {
		right += row[i]
		for _, count := range row {
			n += count
		}
	}
	return proportion(right, n, want, "no samples")
}
