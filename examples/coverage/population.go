package main

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"

	"backdrop/lib/metric"
)

// population is the distribution that samples are drawn from: a score for each class, normal with deviation 1, whose mean
// is apart for the class of the sample and 0 for the others.
type population struct {
	name  string
	apart float64
	gain  float64 // the logits are the true logits times this
}

var populations = []population{{"Calibrated", 1.5, 1}, {"Overconfident", 3, 2}}

// trial is a problem of two classes and one of three, with all that figures are computed from.
type trial struct {
	two, other *metric.Binary // two scores of the same samples
	three      *metric.Multiclass
	counts     [2]metric.Confusion // of two classes and of three
	want       metric.Confidence
}

// shares returns the shares of two or three classes, one of which may be rare.
func shares(classes int, rare bool) []float64 {
	s := make([]float64, classes)
	for i := range s {
		s[i] = 1 / float64(classes)
		if rare {
			s[i] = 0.9 / float64(classes-1)
		}
	}
	if rare {
		s[classes-1] = 0.1
	}
	return s
}

// labels returns the labels of n samples: drawn from a source or, without one, in exact proportion to the shares.
func labels(r *rand.Rand, n int, shares []float64) []int {
	y := make([]int, n)
	for i := range y {
		at := (float64(i) + 0.5) / float64(n)
		if r != nil {
			at = r.Float64()
		}
		for at > shares[y[i]] && y[i] < len(shares)-1 {
			at -= shares[y[i]]
			y[i]++
		}
	}
	return y
}

// normals returns n·each independent standard normal numbers.
type normals func(n, each int) []float64

// random draws them at random.
func random(r *rand.Rand) normals {
	return func(n, each int) []float64 {
		z := make([]float64, n*each)
		for i := range z {
			z[i] = r.NormFloat64()
		}
		return z
	}
}

// even spreads them more evenly than chance does, so that figures of few samples are close to those of the population.
func even(r *rand.Rand) normals {
	return func(n, each int) []float64 {
		z := mat.NewDense(n, each, nil)
		unit := mat.NewDiagDense(each, nil)
		for i := range each {
			unit.SetDiag(i, 1)
		}
		normal, _ := distmv.NewNormal(make([]float64, each), unit, r)
		samplemv.Halton{Kind: samplemv.Owen, Q: normal, Src: r}.Sample(z)
		return z.RawMatrix().Data
	}
}

// binary returns logits of the second of two classes, and those of another score that separates the classes less well.
func (p population) binary(z normals, y []int, shares []float64) (first, second []float64) {
	const shared = 0.7 // the correlation of both scores within a class
	first, second = make([]float64, len(y)), make([]float64, len(y))
	prior := math.Log(shares[1] / shares[0])
	x := z(len(y), 2)
	for i, class := range y {
		mean := p.apart * float64(class)
		first[i] = p.gain * (p.apart*(mean+x[2*i]) - p.apart*p.apart/2 + prior)
		second[i] = mean*2/3 + shared*x[2*i] + math.Sqrt(1-shared*shared)*x[2*i+1]
	}
	return first, second
}

// multiclass returns logits of all classes.
func (p population) multiclass(z normals, y []int, shares []float64) []float64 {
	k := len(shares)
	logits := z(len(y), k)
	for i, class := range y {
		row := logits[i*k : (i+1)*k]
		row[class] += p.apart
		for c, share := range shares {
			row[c] = p.gain * (p.apart*row[c] + math.Log(share))
		}
	}
	return logits
}

// trial makes a problem of two classes and one of three from samples with these labels.
func (p population) trial(z normals, y2, y3 []int, rare bool, want metric.Confidence) *trial {
	first, second := p.binary(z, y2, shares(2, rare))
	logits := p.multiclass(z, y3, shares(3, rare))
	two := must(metric.NewBinary(first, metric.Logits, y2, [2]string{"0", "1"}))
	other := must(metric.NewBinary(second, metric.Logits, y2, [2]string{"0", "1"}))
	three := must(metric.NewMulticlass(logits, metric.Logits, y3, []string{"0", "1", "2"}))
	return &trial{two, other, three, [2]metric.Confusion{two.Confusion(), three.Confusion()}, want}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// calibrationErrors returns the true calibration errors for two and for three classes: the probabilities are compared with
// the true ones, which follow from the logits before the gain, instead of with labels.
func (p population) calibrationErrors(z normals, n int, rare bool) (two, three float64) {
	s2, s3 := shares(2, rare), shares(3, rare)
	first, _ := p.binary(z, labels(nil, n, s2), s2)
	logits := p.multiclass(z, labels(nil, n, s3), s3)
	var gaps [2][bins]float64
	add := func(gaps *[bins]float64, said, is float64) {
		gaps[max(0, int(math.Ceil(said*bins))-1)] += (said - is) / float64(n)
	}
	for _, s := range first {
		add(&gaps[0], 1/(1+math.Exp(-s)), 1/(1+math.Exp(-s/p.gain)))
	}
	for i := 0; i < len(logits); i += 3 {
		row := logits[i : i+3]
		top := max(row[0], row[1], row[2])
		said, is := 0.0, 0.0
		for _, s := range row {
			said += math.Exp(s - top)
			is += math.Exp((s - top) / p.gain)
		}
		add(&gaps[1], 1/said, 1/is)
	}
	for i := range bins {
		two += math.Abs(gaps[0][i])
		three += math.Abs(gaps[1][i])
	}
	return two, three
}
