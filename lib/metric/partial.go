package metric

// PartialAUC is the area under the ROC curve up to the false positive rate limit, 0 < limit ≤ 1, standardised so that
// chance is 0.5 and the best is 1: ½(1 + (A − limit²/2) / (limit − limit²/2)), with A the area (D. K. McClish,
// "Analyzing a Portion of the ROC Curve", Med. Decis. Making 9, 1989). It is scikit-learn's roc_auc_score with max_fpr.
// It panics if limit is out of range.
func (b *Binary) PartialAUC(limit float64, c Confidence) Value {
	if !(limit > 0 && limit <= 1) {
		panic("metric: false positive rate out of range")
	}
	if reason := b.oneClass(); reason != "" {
		return Value{Reason: reason}
	}
	if limit == 1 {
		return b.AUC(c)
	}
	area, height := 0.0, 0.0 // height: of the curve at the limit, in positive samples
	b.segments(limit, func(s segment) {
		area += s.area()
		if s.crossing {
			height = s.high()
		}
	})
	pairs := float64(b.size[0]) * float64(b.size[1])
	chance := limit * limit / 2
	standard := 1 / (limit - chance) / 2
	v := Value{V: (1 + (area/pairs-chance)/(limit-chance)) / 2}
	if c.Level == 0 {
		return v
	}
	if reason := b.oneSample(); reason != "" {
		return v.With(Interval{Reason: reason})
	}
	var sum influences
	b.segments(limit, func(s segment) {
		sum.add(s.positive, standard*(s.ofPositive()-area/float64(b.size[1]))/pairs)
		sum.add(s.negative, standard*(s.ofNegative(height)+limit*height-area/float64(b.size[0]))/pairs)
	})
	return sum.within(v, 0.5-chance*standard, 1, c)
}

// segment is the part of the ROC curve that belongs to the samples of one score, up to a limit of the false positive rate.
// Both axes count samples.
type segment struct {
	positive, negative int
	left, right, end   float64 // false positives where it begins and ends, and at the limit
	low                float64 // true positives where it begins
	crossing           bool    // the limit is in it, or where it ends
}

// segments calls f with all segments, from the lowest score, whose segment is the last.
func (b *Binary) segments(limit float64, f func(segment)) {
	end := limit * float64(b.size[0])
	x, y := float64(b.size[0]), float64(b.size[1])
	b.groups(func(_ float64, positive, negative int) {
		left, low := x-float64(negative), y-float64(positive)
		f(segment{positive, negative, left, x, end, low, left < end && x >= end})
		x, y = left, low
	})
}

// width is how much of the segment is within the limit, in false positives.
func (s segment) width() float64 { return max(0, min(s.right, s.end)-s.left) }

// cut reports whether the limit is within the segment.
func (s segment) cut() bool { return s.left < s.end && s.end < s.right }

// share is how much of the segment is within the limit.
func (s segment) share() float64 {
	switch {
	case s.cut():
		return s.width() / (s.right - s.left)
	case s.right <= s.end:
		return 1
	}
	return 0
}

// high is where the curve is at the end of the segment, or at the limit.
func (s segment) high() float64 {
	if s.cut() {
		return s.low + float64(s.positive)*s.width()/(s.right-s.left)
	}
	return s.low + float64(s.positive)
}

// area is that under the segment, as far as the limit.
func (s segment) area() float64 { return s.width() * (s.low + s.high()) / 2 }

// ofPositive is the derivative of the area with respect to the weight of a positive sample of the segment: the curve rises
// along it, and is higher by 1 from there to the limit.
func (s segment) ofPositive() float64 {
	return s.share()*s.width()/2 + max(0, s.end-s.right)
}

// ofNegative is the derivative with respect to the weight of a negative sample, at a fixed limit in samples: the segment
// becomes longer, and pushes the curve behind it to the right, so that beyond the limit, where the curve has this height, is
// lost.
func (s segment) ofNegative(height float64) float64 {
	if s.right <= s.end {
		return (s.low+s.high())/2 - height
	}
	return -s.share() * s.share() * float64(s.positive) / 2
}
