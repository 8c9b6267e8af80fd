package metric

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The functions of this file are the definitions, pair by pair and threshold by threshold.

// bruteAUC counts all pairs of a positive and a negative sample.
func bruteAUC(scores []float64, positive, negative func(i int) bool) float64 {
	won, pairs := 0.0, 0.0
	for i := range scores {
		for j := range scores {
			if !positive(i) || !negative(j) {
				continue
			}
			pairs++
			if scores[i] > scores[j] {
				won++
			} else if scores[i] == scores[j] {
				won += 0.5
			}
		}
	}
	return won / pairs
}

// bruteAP takes every distinct score as a threshold.
func bruteAP(scores []float64, positive func(i int) bool) float64 {
	positives := 0.0
	for i := range scores {
		if positive(i) {
			positives++
		}
	}
	sum := 0.0
	seen := map[float64]bool{}
	for _, threshold := range scores {
		if seen[threshold] {
			continue
		}
		seen[threshold] = true
		hits, n, here := 0.0, 0.0, 0.0
		for i, s := range scores {
			if s >= threshold {
				n++
				if positive(i) {
					hits++
				}
			}
			if s == threshold && positive(i) {
				here++
			}
		}
		sum += hits / n * here / positives
	}
	return sum
}

func TestBinaryAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 300 {
		n := 2 + r.IntN(30)
		scores, labels := make([]float64, n), make([]int, n)
		for i := range scores {
			scores[i] = float64(r.IntN(1 + round%12)) // few distinct values: ties in most rounds, all tied in some
			labels[i] = r.IntN(2)
		}
		labels[0], labels[1] = 0, 1
		b, err := NewBinary(scores, Logits, labels, [2]string{"0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		positive := func(i int) bool { return labels[i] == 1 }
		negative := func(i int) bool { return labels[i] == 0 }
		near(t, fmt.Sprintf("round %d: AUC", round), b.AUC(none), bruteAUC(scores, positive, negative), 1e-12)
		near(t, fmt.Sprintf("round %d: average precision", round), b.AveragePrecision(none), bruteAP(scores, positive), 1e-12)
		if round%12 == 0 && b.AUC(none).V != 0.5 {
			t.Errorf("AUC of equal scores is %v, want exactly 0.5", b.AUC(none).V)
		}
	}
}

func TestMulticlassAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		k := 2 + r.IntN(4)
		n := k + r.IntN(30)
		logits, labels := make([]float64, n*k), make([]int, n)
		for i := range logits {
			logits[i] = float64(r.IntN(3))
		}
		for i := range labels {
			labels[i] = r.IntN(k)
			if i < k {
				labels[i] = i
			}
		}
		m, err := NewMulticlass(logits, Logits, labels, names(k))
		if err != nil {
			t.Fatal(err)
		}
		odds := make([][]float64, k)
		support := make([]float64, k)
		for c := range k {
			odds[c] = m.OneVsRest(c).scores.(float64s)
			for _, y := range labels {
				if y == c {
					support[c]++
				}
			}
		}
		is := func(c int) func(int) bool { return func(i int) bool { return labels[i] == c } }
		isNot := func(c int) func(int) bool { return func(i int) bool { return labels[i] != c } }
		var rest, restWeighted, ap, apWeighted, one, oneWeighted, pairs, pairWeights float64
		for a := range k {
			auc := bruteAUC(odds[a], is(a), isNot(a))
			rest += auc / float64(k)
			restWeighted += auc * support[a] / float64(n)
			precision := bruteAP(odds[a], is(a))
			ap += precision / float64(k)
			apWeighted += precision * support[a] / float64(n)
			for b := range a {
				auc := (bruteAUC(odds[a], is(a), is(b)) + bruteAUC(odds[b], is(b), is(a))) / 2
				one += auc
				pairs++
				oneWeighted += auc * (support[a] + support[b])
				pairWeights += support[a] + support[b]
			}
		}
		near(t, "one against the rest", m.AUCOneVsRest(Macro, none), rest, 1e-12)
		near(t, "one against the rest, weighted", m.AUCOneVsRest(Weighted, none), restWeighted, 1e-12)
		near(t, "one against one", m.AUCOneVsOne(Macro, none), one/pairs, 1e-12)
		near(t, "one against one, weighted", m.AUCOneVsOne(Weighted, none), oneWeighted/pairWeights, 1e-12)
		near(t, "average precision", m.AveragePrecision(Macro, none), ap, 1e-12)
		near(t, "average precision, weighted", m.AveragePrecision(Weighted, none), apWeighted, 1e-12)
		for c := range k {
			near(t, "AUC of a class", m.OneVsRest(c).AUC(none), bruteAUC(odds[c], is(c), isNot(c)), 1e-12)
		}
	}
}
