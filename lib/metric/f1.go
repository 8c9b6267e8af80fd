package metric

import (
	"fmt"
	"math"
)

// F1 is the harmonic mean of a class's precision and recall, 2TP/(2TP+FP+FN). Where all three are 0 it is undefined;
// scikit-learn says 0 there.
//
// It is 2J/(1+J) with J = TP/(TP+FP+FN): of the samples that are of the class or are predicted to be, the share that are
// both. Its interval comes from Wilson's interval of J in the same way (K. F. Y. Lam, V. Gopal, J. Qian, "Confidence Intervals
// for the F1 Score: A Comparison of Four Methods", arXiv 2309.14621, 2023, the indirect method).
func (c Confusion) F1(class int, want Confidence) Value {
	hits, either := c.Count[class][class], -c.Count[class][class]
	for i := range c.Count {
		either += c.Count[i][class] + c.Count[class][i]
	}
	v := ratio(float64(2*hits), float64(hits+either), fmt.Sprintf("class %s neither occurs nor is predicted", c.Classes[class]))
	if want.Level == 0 || !v.Defined() {
		return v
	}
	j := wilson(hits, either, want)
	return v.With(Interval{Low: min(v.V, 2*j.Low/(1+j.Low)), High: max(v.V, 2*j.High/(1+j.High)), Method: j.Method})
}

// MeanF1 averages F1 over the classes. Its interval reaches down by the root of Σ wᵢwⱼrᵢⱼdᵢdⱼ, with w the weights of the
// classes, d how far their own intervals reach down, and r the correlations of their F1; upwards likewise (G. Y. Zou,
// "Toward Using Confidence Intervals to Compare Correlations", Psychol. Methods 12, 2007). To the interval of a weighted mean
// is added that its weights are those of the samples, and vary with them.
func (c Confusion) MeanF1(a Average, want Confidence) Value {
	m := meanF1{Confusion: c, weights: averaging{Average: a}, support: c.support()}
	for k, n := range m.support {
		f := c.F1(k, want)
		m.weights.add(f, n)
		m.f = append(m.f, f)
	}
	v := m.weights.value()
	if want.Level == 0 || !v.Defined() {
		return v
	}
	extra := 0.0
	if a == Weighted {
		z := want.deviations()
		extra = z * z * m.ofWeights(v.V)
	}
	down := m.combined(func(f Value) float64 { return f.V - f.Interval.Low })
	up := m.combined(func(f Value) float64 { return f.Interval.High - f.V })
	low, high := v.V-math.Sqrt(max(0, down+extra)), v.V+math.Sqrt(max(0, up+extra))
	return v.With(Interval{Low: max(0, low), High: min(1, high), Method: "Wilson, combined"})
}

// meanF1 is a mean of F1 with what its interval needs.
type meanF1 struct {
	Confusion
	weights averaging
	support []int
	f       []Value // of each class, with its interval
}

// weight is that of a class in the mean.
func (m *meanF1) weight(class int) float64 {
	return m.weights.weight(m.support[class]) / m.weights.total
}

// hit is the influence on a class's F1 of a sample that is of the class and predicted to be.
func (m *meanF1) hit(class int) float64 { return 2 * (1 - m.f[class].V) / m.denominator(class) }

// miss is the influence of a sample that is only one of the two.
func (m *meanF1) miss(class int) float64 { return -m.f[class].V / m.denominator(class) }

// denominator is 2TP+FP+FN of a class.
func (c Confusion) denominator(class int) float64 {
	n := 0
	for i := range c.Count {
		n += c.Count[i][class] + c.Count[class][i]
	}
	return float64(n)
}

// combined is the square of how far the interval of the mean reaches, where those of the classes reach this far.
func (m *meanF1) combined(reach func(Value) float64) float64 {
	far := make([]float64, len(m.f)) // how much an error changes a class's F1, in standard deviations, times the reach of its interval
	sum := 0.0
	for k, f := range m.f {
		if m.weight(k) == 0 {
			continue
		}
		d := m.weight(k) * reach(f)
		sum += d * d
		hits := float64(m.Count[k][k])
		if v := hits*m.hit(k)*m.hit(k) + (m.denominator(k)-2*hits)*m.miss(k)*m.miss(k); v > 0 {
			far[k] = d * m.miss(k) / math.Sqrt(v)
		}
	}
	for i := range far { // two classes are correlated by the errors between them
		for j := range i {
			sum += 2 * float64(m.Count[i][j]+m.Count[j][i]) * far[i] * far[j]
		}
	}
	return sum
}

// ofWeights is how much greater the variance of the weighted mean is for its weights being shares of the samples.
func (m *meanF1) ofWeights(mean float64) float64 {
	n := m.weights.total
	sum := 0.0
	for i, row := range m.Count {
		for j, count := range row {
			if count == 0 {
				continue
			}
			of := (m.f[i].V - mean) / n
			rest := m.weight(i) * m.hit(i)
			if i != j {
				rest = m.weight(i)*m.miss(i) + m.weight(j)*m.miss(j)
			}
			sum += float64(count) * of * (of + 2*rest)
		}
	}
	return sum
}
