package metric

import "fmt"

// ClassFigures are the figures of one class.
type ClassFigures struct {
	Class     string `json:"class"`
	Support   int    `json:"support"` // samples
	Precision Value  `json:"precision"`
	Recall    Value  `json:"recall"`
	F1        Value  `json:"f1"`
	AUC       Value  `json:"auc"` // against all others
}

// PerClass returns the figures of every class, with Wilson's and DeLong's intervals unless level is 0.
func (m *Multiclass) PerClass(level float64) []ClassFigures {
	table := m.Confusion().perClass(level)
	parallel(len(table), func(c int) { table[c].AUC = m.OneVsRest(c).aucAt(level) })
	return table
}

// PerClass returns the figures of both classes, with Wilson's and DeLong's intervals unless level is 0.
func (b *Binary) PerClass(level float64) []ClassFigures {
	table := b.Confusion().perClass(level)
	for c := range table {
		table[c].AUC = b.aucAt(level) // the same for either class by its own score
	}
	return table
}

func (b *Binary) aucAt(level float64) Value {
	if level == 0 {
		return b.AUC()
	}
	return b.AUCInterval(level)
}

// perClass returns what the counts tell.
func (c Confusion) perClass(level float64) []ClassFigures {
	table := make([]ClassFigures, len(c.Classes))
	for i, support := range c.support() {
		predicted := 0
		for _, row := range c.Count {
			predicted += row[i]
		}
		table[i] = ClassFigures{
			Class: c.Classes[i], Support: support,
			Precision: proportion(c.Count[i][i], predicted, level, fmt.Sprintf("class %s is never predicted", c.Classes[i])),
			Recall:    proportion(c.Count[i][i], support, level, fmt.Sprintf("no samples of class %s", c.Classes[i])),
			F1:        c.F1(i),
		}
	}
	return table
}

// proportion is k/n, with Wilson's interval unless level is 0.
func proportion(k, n int, level float64, reason string) Value {
	if level == 0 {
		return ratio(float64(k), float64(n), reason)
	}
	return Wilson(k, n, level, reason)
}
