package loss

import "fmt"

// Loss is a function of the scores and labels of a batch.
type Loss interface {
	// Grad returns the loss of a batch and, unless dscores is nil, overwrites dscores with its gradient. A label that
	// is out of range is an error; a score that is not finite is none, but shows in a value that is not.
	Grad(scores [][]float32, labels []int, dscores [][]float32) (value float64, err error)
}

// New returns the loss of that name, of networks with one output a class.
func New(name string, classes int) (Loss, error) {
	if name != "xent" {
		return nil, fmt.Errorf("loss: unknown loss %q, want xent", name)
	}
	if classes < 2 {
		return nil, fmt.Errorf("loss: xent needs at least 2 classes, got %d", classes)
	}
	return crossEntropy{classes}, nil
}

// checkBatch panics if the slices do not belong together and returns an error if a label is out of range.
func checkBatch(scores [][]float32, labels []int, dscores [][]float32, classes int) error {
	if len(labels) != len(scores) || dscores != nil && len(dscores) != len(scores) {
		panic("loss: numbers of samples differ")
	}
	for i, s := range scores {
		if len(s) != classes || dscores != nil && len(dscores[i]) != classes {
			panic("loss: number of scores of a sample is not that of the classes")
		}
	}
	if len(scores) == 0 {
		return fmt.Errorf("loss: batch is empty")
	}
	for i, y := range labels {
		if y < 0 || y >= classes {
			return fmt.Errorf("loss: label %d of sample %d of the batch is not one of %d classes", y, i, classes)
		}
	}
	return nil
}
