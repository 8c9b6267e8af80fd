package data

// Target says what a network is to learn of the labels: to tell all classes apart or, OneVsRest, one from all others.
type Target struct {
	OneVsRest bool
	Positive  int // the one class
}

// Of is what the loss sees of a label: the label itself or, OneVsRest, 1 for the positive class and 0 for the others.
func (t Target) Of(label int) int {
	switch {
	case !t.OneVsRest:
		return label
	case label == t.Positive:
		return 1
	}
	return 0
}
