package fieldcheck

import (
	"fmt"
	"math"

	"backdrop/lib/dims"
	"backdrop/lib/finite"
)

// A Tester takes the fields of a claim.
type Tester struct {
	claim  Claim
	fields int
	boundary
	marginal marginal
}

// A boundary is what the tests depend on: a torus, or a window of open space.
type boundary interface {
	add(x []float32) (scale float64)      // takes in a field; its values times scale have the law
	independent() float64                 // about how many squares of independent normals a field holds
	law() *law                            // of a value, nil if it is not tested
	tests(fields int, m *marginal) []Test // of all fields
}

// enough is how many independent squares it takes for approximate probabilities to be near the truth.
const enough = 100

// New checks the claim and computes its spectrum or covariances. An error is a *machine.Shortage, ErrStandardisedOpen, or one
// of package gp.
func New(claim Claim) (*Tester, error) {
	if err := claim.validate(); err != nil {
		return nil, err
	}
	t := &Tester{claim: claim}
	if claim.Open {
		t.boundary = newWindow(&t.claim)
	} else {
		t.boundary = newTorus(&t.claim)
	}
	t.marginal.law = t.law()
	return t, nil
}

// Add takes in a field, of the claim's Shape, row by row. A field that is not finite, or constant, is an error.
func (t *Tester) Add(x []float32) error {
	if len(x) != dims.Count(t.claim.Shape) {
		panic("fieldcheck: length mismatch")
	}
	constant := len(x) > 1
	for i, v := range x {
		if !finite.Is(v) {
			return fmt.Errorf("field %d: value %v at %v", t.fields, v, dims.Index(i, t.claim.Shape))
		}
		constant = constant && v == x[0]
	}
	if constant {
		return fmt.Errorf("field %d is constant, %v everywhere", t.fields, x[0])
	}
	t.fields++
	t.marginal.add(x, t.add(x))
	return nil
}

// Report tests the fields that were added. falseAlarm is the probability, between 0 and 1, that the report fails although the
// claim holds. Too few fields are an error.
func (t *Tester) Report(falseAlarm float64) (*Report, error) {
	if !(falseAlarm > 0 && falseAlarm < 1) {
		return nil, fmt.Errorf("probability of a false alarm must lie between 0 and 1, got %g", falseAlarm)
	}
	if t.fields == 0 {
		return nil, fmt.Errorf("no fields to test")
	}
	each := t.independent()
	if each == 0 {
		return nil, fmt.Errorf("fields of %s px have no modes to test at length %v, they are all but constant; try a shorter length, or larger fields", dims.Text(t.claim.Shape), t.claim.Length)
	}
	if have := each * float64(t.fields); have < enough {
		return nil, fmt.Errorf("%d fields with %.3g independent modes each are too few to test; give at least %.0f, or larger ones", t.fields, each, math.Ceil(enough/each))
	}
	r := &Report{Claim: t.claim, Fields: t.fields, FalseAlarm: falseAlarm, Tests: t.tests(t.fields, &t.marginal)}
	m := &t.marginal
	r.Skewness = m.cube / m.values / math.Pow(m.square/m.values, 1.5)
	r.Kurtosis = m.fourth / m.values / math.Pow(m.square/m.values, 2)
	r.finish()
	return r, nil
}
