package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/decimal"
	"backdrop/lib/finite"
)

// balanced is the value of --class-weights with which all classes together count alike, however many samples each has.
const balanced = "balanced"

// Weights of classes lie between these. Only their ratios count, and beside the gradient of a class that weighs a million times as
// much, float32 does not see that of the other.
const (
	leastWeight = 1e-6
	mostWeight  = 1e6
)

// quoting shows how an item whose name has a comma or a quote is written.
const quoting = `where a name has a comma or a quote, its item stands in double quotes, and a quote in it twice, as in '"a,b=2",c=3'`

// A classWeight is what a sample of a class counts.
type classWeight struct {
	class  string // its name or number
	weight float64
}

// parseClassWeights reads K=W,…, a record of CSV (RFC 4180), so that an item whose name has a comma or a quote can be quoted. A
// name may have an equals sign: the weight is behind the last one.
func parseClassWeights(text string) (all []classWeight, err error) {
	if text == "" || text == balanced {
		return nil, nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.TrimLeadingSpace = true
	items, err := r.Read()
	if _, end := r.Read(); err == nil && end != io.EOF {
		err = end
	}
	if err != nil {
		return nil, fmt.Errorf("--class-weights %.80q is no list of K=W: %s", text, quoting)
	}
	for _, item := range items {
		at := strings.LastIndex(item, "=")
		if at <= 0 {
			return nil, fmt.Errorf("--class-weights: want balanced, or K=W,… such as 0=1,1=2.5, got %.80q; %s", item, quoting)
		}
		w, err := decimal.Float(strings.TrimSpace(item[at+1:]))
		if err != nil || !(w > 0) || !finite.Is(w) {
			return nil, fmt.Errorf("--class-weights: the weight of class %.80q must be a positive number, got %.40q", item[:at], item[at+1:])
		}
		if w < leastWeight || w > mostWeight {
			return nil, fmt.Errorf("--class-weights: the weight of class %.80q must be from %v to %v, got %.40q; only ratios of weights count, and beside a class that weighs a million times as much another one does not", item[:at], leastWeight, mostWeight, item[at+1:])
		}
		all = append(all, classWeight{item[:at], w})
	}
	return all, nil
}

// classWeights are what samples of each of that many classes count in the loss; nil if all count 1.
func (d *samples) classWeights(classes int) ([]float64, error) {
	switch d.c.Weights {
	case "":
		return nil, nil
	case balanced:
		return d.balance(classes)
	}
	weights, names := make([]float64, classes), classNames(d.classes, classes)
	for _, w := range d.c.weights {
		class, err := models.ClassNumber(w.class, names)
		if err != nil {
			return nil, tool.Usagef("--class-weights: %w", err)
		}
		if weights[class] != 0 {
			return nil, tool.Usagef("--class-weights: class %s has two weights", stream.Quote(names[class]))
		}
		weights[class] = w.weight
	}
	for class := range weights {
		if weights[class] == 0 {
			weights[class] = 1
		}
	}
	return weights, nil
}

// balance returns n/(K·nₖ) for each of K classes with nₖ of n samples to train on, as scikit-learn's class_weight="balanced".
func (d *samples) balance(classes int) ([]float64, error) {
	weights := make([]float64, classes)
	for class := range weights {
		n := d.trained[class]
		if n == 0 {
			return nil, fmt.Errorf("--class-weights balanced: no sample to train on is of class %s; give weights of the others, such as --class-weights %s=2",
				stream.Quote(models.ClassName(d.classes, class)), d.example())
		}
		weights[class] = float64(d.set.Len()) / (float64(classes) * float64(n))
	}
	return weights, nil
}

// example is a class of the training data, as --class-weights takes it.
func (d *samples) example() string {
	name := models.ClassName(d.classes, d.set.Table.Label(d.set.Number(0)))
	if strings.ContainsAny(name, `", `) {
		return fmt.Sprint(d.set.Table.Label(d.set.Number(0)))
	}
	return name
}

// weightsLine says what samples of each class count.
func (d *samples) weightsLine(weights []float64) string {
	var all []string
	for class, w := range weights {
		all = append(all, fmt.Sprintf("%s %.4g", models.ClassName(d.classes, class), w))
	}
	return "bdtrain: class weights: " + someOf(all, ", ")
}
