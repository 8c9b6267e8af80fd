package loss

import (
	"fmt"
	"math"
	"strings"

	"backdrop/lib/finite"
)

// penalties is the table of penalties. A new one is a file such as mmd.go, and its entry here.
var penalties = []penalty{mmd, dcov}

// A penalty is all that is known of one.
type penalty struct {
	name      string
	attribute bool // it looks at an attribute of the samples
	of        penaltyFunc
}

// penaltyFunc is a function of scores x [N][K] and attributes t [N]; unless dx is nil it adds weight times its gradient
// to dx.
type penaltyFunc func(x [][]float32, t []float64, weight float64, dx [][]float64) float64

// Penalty is a function of the distribution of the scores in a batch, added to a loss.
type Penalty struct {
	Name   string  // see PenaltyNames
	Weight float64 // what it is multiplied by
}

// PenaltyNames returns the names that a Penalty can have.
func PenaltyNames() []string {
	var names []string
	for _, p := range penalties {
		names = append(names, p.name)
	}
	return names
}

// NeedsAttribute reports whether the penalty looks at an attribute of the samples.
func (p Penalty) NeedsAttribute() bool {
	known, _ := p.known()
	return known.attribute
}

// known is the penalty's entry in the table.
func (p Penalty) known() (known penalty, ok bool) {
	for _, known := range penalties {
		if known.name == p.Name {
			return known, true
		}
	}
	return penalty{}, false
}

func (p Penalty) validate() error {
	if _, ok := p.known(); !ok {
		return fmt.Errorf("loss: unknown penalty %q, want one of %s", p.Name, strings.Join(PenaltyNames(), ", "))
	}
	if !(p.Weight >= 0) || !finite.Is(p.Weight) {
		return fmt.Errorf("loss: weight of penalty %s must be finite and not negative, got %v", p.Name, p.Weight)
	}
	return nil
}

// penalised is a loss with penalties.
type penalised struct {
	loss  Loss
	added []weighted
	dx    [][]float64
}

// weighted is a penalty with its weight.
type weighted struct {
	penalty
	weight float64
}

// newPenalised adds valid penalties to a loss.
func newPenalised(l Loss, list []Penalty) Loss {
	out := &penalised{loss: l}
	for _, p := range list {
		known, ok := p.known()
		if !ok {
			panic("loss: unknown penalty " + p.Name)
		}
		out.added = append(out.added, weighted{known, p.Weight})
	}
	return out
}

// Grad is the loss's, with the penalties and their gradients added.
func (l *penalised) Grad(b Batch, dscores [][]float32) (float64, error) {
	value, err := l.loss.Grad(b, dscores)
	if err != nil || math.IsNaN(value) {
		return value, err
	}
	var dx [][]float64
	if dscores != nil {
		for len(l.dx) < len(dscores) {
			l.dx = append(l.dx, make([]float64, len(dscores[0])))
		}
		dx = l.dx[:len(dscores)]
		for _, d := range dx {
			clear(d)
		}
	}
	for _, p := range l.added {
		if p.attribute && len(b.Attribute) != len(b.Scores) {
			panic("loss: penalty needs an attribute of every sample")
		}
		value += float64(p.weight * p.of(b.Scores, b.Attribute, p.weight, dx))
	}
	for i, d := range dx {
		for k, v := range d {
			dscores[i][k] += float32(v)
		}
	}
	return value, nil
}
