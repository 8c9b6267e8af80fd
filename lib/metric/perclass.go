package metric

import (
	"fmt"

	"backdrop/lib/parallel"
)

// ClassFigures are the figures of one class.
type ClassFigures struct {
	Class     string `json:"class"`     // its name
	Support   int    `json:"support"`   // how many samples are of the class
	Precision Value  `json:"precision"` // the share of samples predicted to be of the class that are
	Recall    Value  `json:"recall"`    // the share of samples of the class that are predicted to be
	F1        Value  `json:"f1"`        // the harmonic mean of both
	AUC       Value  `json:"auc"`       // against all others
}

// PerClass returns the figures of every class.
func (m *Multiclass) PerClass(c Confidence) []ClassFigures {
	table := m.Confusion().perClass(c)
	parallel.All(len(table), func(k int) { table[k].AUC = m.OneVsRest(k).AUC(c) })
	return table
}

// PerClass returns the figures of both classes.
func (b *Binary) PerClass(c Confidence) []ClassFigures {
	table := b.Confusion().perClass(c)
	for k := range table {
		table[k].AUC = b.AUC(c) // the same for either class by its own score
	}
	return table
}

// perClass returns what the counts tell.
func (c Confusion) perClass(want Confidence) []ClassFigures {
	table := make([]ClassFigures, len(c.Classes))
	for i, support := range c.support() {
		predicted := 0
		for _, row := range c.Count {
			predicted += row[i]
		}
		table[i] = ClassFigures{
			Class: c.Classes[i], Support: support,
			Precision: proportion(c.Count[i][i], predicted, want, fmt.Sprintf("class %s is never predicted", c.Classes[i])),
			Recall:    proportion(c.Count[i][i], support, want, fmt.Sprintf("no samples of class %s", c.Classes[i])),
			F1:        c.F1(i, want),
		}
	}
	return table
}
