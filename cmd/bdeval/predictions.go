package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/metric"
)

// predictions are the rows of predict as they are written, CSV or JSON lines.
type predictions struct {
	out      *bufio.Writer
	csv      *csv.Writer // nil: JSON lines
	names    []string    // of the classes
	folds    bool        // rows have the fold of a cross-validation
	probable bool        // scores have probabilities
	quoted   []string    // the names as JSON

	header []string // until it is written
	cells  []string
	row    []float64
}

// The first columns, and the name of the only one behind them where there are no probabilities.
var predictionColumns = []string{"key", "label", "predicted"}

const (
	foldColumn        = "fold" // of a cross-validation, before the probabilities
	scoreColumn       = "score"
	probabilityPrefix = "p_" // before the name of a class: no column of another kind begins so
)

func newPredictions(out *bufio.Writer, jsonl, folds bool, names []string, probable bool) *predictions {
	t := &predictions{out: out, names: names, folds: folds, probable: probable}
	if jsonl {
		for _, name := range names {
			t.quoted = append(t.quoted, jsonText(name))
		}
		return t
	}
	t.csv = csv.NewWriter(out)
	t.header = slices.Clone(predictionColumns)
	if folds {
		t.header = append(t.header, foldColumn)
	}
	if !probable {
		t.header = append(t.header, scoreColumn)
		return t
	}
	for _, name := range names {
		t.header = append(t.header, probabilityPrefix+name)
	}
	return t
}

// add writes a row. label is "" if there is none; fold is left out where rows have none.
func (t *predictions) add(key, label string, fold int, logits []float32) error {
	t.row = metric.ByClass(t.row[:0], logits, metric.Logits)
	for k, s := range t.row {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return fmt.Errorf("sample %s: the score of class %s is %v: the network overflows", key, t.names[k], s)
		}
	}
	predicted := t.names[metric.Predicted(t.row, metric.Logits)]
	if t.probable {
		metric.Softmax(t.row)
	} else {
		t.row = t.row[1:]
	}
	if t.csv == nil {
		return t.addJSON(key, label, predicted, fold)
	}
	if t.header != nil {
		if err := t.csv.Write(t.header); err != nil {
			return err
		}
		t.header = nil
	}
	t.cells = append(t.cells[:0], key, label, predicted)
	if t.folds {
		t.cells = append(t.cells, strconv.Itoa(fold))
	}
	for _, v := range t.row {
		t.cells = append(t.cells, t.decimal(v))
	}
	return t.csv.Write(t.cells)
}

// addJSON writes a row as an object, with the classes in their order.
func (t *predictions) addJSON(key, label, predicted string, fold int) error {
	text := "null"
	if label != "" {
		text = jsonText(label)
	}
	fmt.Fprintf(t.out, `{"key":%s,"label":%s,"predicted":%s,`, jsonText(key), text, jsonText(predicted))
	if t.folds {
		fmt.Fprintf(t.out, "%q:%d,", foldColumn, fold)
	}
	if !t.probable {
		_, err := fmt.Fprintf(t.out, "%q:%s}\n", scoreColumn, t.decimal(t.row[0]))
		return err
	}
	t.out.WriteString(`"p":{`)
	for k, v := range t.row {
		if k > 0 {
			t.out.WriteByte(',')
		}
		t.out.WriteString(t.quoted[k])
		t.out.WriteByte(':')
		t.out.WriteString(t.decimal(v))
	}
	_, err := t.out.WriteString("}}\n")
	return err
}

// flush writes what is there, so that the next tool in a pipe has it.
func (t *predictions) flush() error {
	flush := t.out.Flush
	if t.csv != nil {
		flush = func() error {
			t.csv.Flush()
			return t.csv.Error()
		}
	}
	if err := flush(); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}

// decimal writes a number with as many digits as it takes to read the same one: a probability, or a score as the network has it.
func (t *predictions) decimal(v float64) string {
	if t.probable {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 32)
}

// jsonText writes a text as JSON, with <, > and & as they are.
func jsonText(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(text) // a string can always be encoded, into memory
	return strings.TrimSuffix(b.String(), "\n")
}
