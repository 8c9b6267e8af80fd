package metric

import "fmt"

// Confusion counts samples by true class (rows) and predicted class (columns).
type Confusion struct {
	Classes []string
	Count   [][]int
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

// Accuracy is the fraction of samples whose class was predicted. It equals F1 averaged by counts (micro), as every
// sample has one class.
func (c Confusion) Accuracy() Value { return c.AccuracyInterval(0) }

// AccuracyInterval is Accuracy with Wilson's interval of a level such as 0.95, none if that is 0.
func (c Confusion) AccuracyInterval(level float64) Value {
	right, n := 0, 0
	for i, row := range c.Count {
		right += row[i]
		for _, count := range row {
			n += count
		}
	}
	return proportion(right, n, level, "no samples")
}

// F1 is the harmonic mean of a class's precision and recall, 2TP/(2TP+FP+FN). Where all three are 0 it is undefined;
// scikit-learn says 0 there.
func (c Confusion) F1(class int) Value {
	n := 0 // TP+FP + TP+FN
	for i := range c.Count {
		n += c.Count[i][class] + c.Count[class][i]
	}
	return ratio(float64(2*c.Count[class][class]), float64(n), fmt.Sprintf("class %s neither occurs nor is predicted", c.Classes[class]))
}

// MeanF1 averages F1 over the classes.
func (c Confusion) MeanF1(a Average) Value {
	values := make([]Value, len(c.Count))
	for i := range values {
		values[i] = c.F1(i)
	}
	return mean(values, c.support(), a)
}
