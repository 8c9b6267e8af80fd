package metric

// PartialAUC is the area under the ROC curve up to the false positive rate limit, 0 < limit ≤ 1, standardised so that
// chance is 0.5 and the best is 1: ½(1 + (A − limit²/2) / (limit − limit²/2)), with A the area (D. K. McClish,
// "Analyzing a Portion of the ROC Curve", Med. Decis. Making 9, 1989). It is scikit-learn's roc_auc_score with max_fpr.
// It panics if limit is out of range.
func (b *Binary) PartialAUC(limit float64) Value {
	if !(limit > 0 && limit <= 1) {
		panic("metric: false positive rate out of range")
	}
	if reason := b.oneClass(); reason != "" {
		return Value{Reason: reason}
	}
	if limit == 1 {
		return b.AUC()
	}
	area := 0.0
	end := limit * float64(b.size[0])              // in samples
	x, y := float64(b.size[0]), float64(b.size[1]) // false and true positives with at least the present score
	b.groups(func(_ float64, positive, negative int) {
		left, low := x-float64(negative), y-float64(positive)
		if right := min(x, end); right > left {
			high := y
			if x > end {
				high = low + (y-low)*(end-left)/(x-left)
			}
			area += (right - left) * (low + high) / 2
		}
		x, y = left, low
	})
	area /= float64(b.size[0]) * float64(b.size[1])
	chance := limit * limit / 2
	return Value{V: (1 + (area-chance)/(limit-chance)) / 2}
}
