package main

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/data"
	"backdrop/lib/metric"
	"backdrop/lib/pixels"
)

// worst keeps the samples with the largest loss, the earlier of equal ones.
type worst struct {
	most    int
	scale   metric.Scale
	against int      // the class that is told from the rest; -1: all are told apart
	classes []string // of the labels; nil: they have numbers
	names   []string // of what is told apart
	folds   bool     // samples are of folds
	ranks   bool     // the scores only rank samples
	seen    int
	kept    lossHeap
	row     []float64
}

// judgedSample is what there is to say of a sample that was judged.
type judgedSample struct {
	number    int // from 0
	fold      int // of a cross-validation
	key       string
	label     int // its class
	predicted int // of what is told apart
	loss      float64
	picture   *thumb // nil: none is wanted
}

// probability is that of the true class or, where one is told from the rest, of its side.
func (s judgedSample) probability() float64 { return math.Exp(-s.loss) }

// before reports whether a sample stands before another in the list.
func (s judgedSample) before(t judgedSample) bool {
	return s.loss > t.loss || s.loss == t.loss && s.number < t.number
}

// lossHeap has the sample on top that gives way to the next.
type lossHeap []judgedSample

// Len makes lossHeap a heap.Interface, as the others do.
func (h lossHeap) Len() int { return len(h) }

// Less puts the last of the list on top.
func (h lossHeap) Less(i, j int) bool { return h[j].before(h[i]) }

// Swap swaps two samples.
func (h lossHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push appends a sample.
func (h *lossHeap) Push(s any) { *h = append(*h, s.(judgedSample)) }

// Pop removes the last one.
func (h *lossHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// newWorst keeps nothing yet. The labels of scores in files have been read.
func newWorst(c *config, sc *scored) (*worst, error) {
	w := &worst{most: c.worst, scale: sc.scale, against: -1, classes: sc.classes}
	var err error
	if w.names, err = sc.told(sc.positive); err == nil && sc.positive != "" {
		w.against, err = classNumber(sc.positive, sc.classes)
	}
	if err != nil {
		return nil, fmt.Errorf("judging %s: %w", sc.from, err)
	}
	return w, nil
}

// judge judges a sample, and reports whether it is one of those to keep.
func judge[F float32 | float64](w *worst, number int, key string, label int, scores []F) (s judgedSample, keep bool) {
	w.row = metric.ByClass(w.row[:0], scores, w.scale)
	row, class := w.row, label
	if w.against >= 0 {
		if len(scores) > 1 {
			two := metric.Against(row, w.scale, w.against)
			row = two[:]
		}
		class = data.Target{OneVsRest: true, Positive: w.against}.Of(label)
	}
	s = judgedSample{number: number, key: key, label: label, predicted: metric.Predicted(row, w.scale), loss: metric.SampleLoss(row, w.scale, class)}
	w.seen++
	return s, s.loss == s.loss && (len(w.kept) < w.most || s.before(w.kept[0]))
}

// add keeps a sample in place of the least of those that are kept, if there are enough.
func (w *worst) add(s judgedSample) {
	if len(w.kept) == w.most {
		heap.Pop(&w.kept)
	}
	heap.Push(&w.kept, s)
}

// list is what was kept, the largest loss first.
func (w *worst) list() []judgedSample {
	return slices.SortedFunc(slices.Values(w.kept), func(a, b judgedSample) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
}

// beginWorst is before the first sample of a network.
func (e *evaluation) beginWorst(c *config) (err error) {
	most := e.source.Most()
	if e.part != nil {
		e.worst, most = e.part.worst, e.part.all
	}
	if e.worst == nil {
		if e.worst, err = newWorst(c, e.scored); err != nil {
			return err
		}
	}
	e.worst.folds = e.part != nil
	if _, e.worst.ranks = e.model.Ranks(); c.worstSheet == "" {
		return nil
	}
	n := c.worst
	if most > 0 {
		n = min(n, most)
	}
	var sheet float64
	e.photos, sheet = sheetBytes(e.input, n)
	return tool.Fits(fmt.Sprintf("drawing %d samples", n), e.photos+sheet, "a smaller --worst")
}

// keepWorst keeps those samples of a batch that have the largest loss so far, with their pictures if these are wanted.
func (e *evaluation) keepWorst(samples []about, scores [][]float32) error {
	if e.worst == nil {
		return nil
	}
	looked := false
	for i, logits := range scores {
		s, keep := judge(e.worst, samples[i].number, samples[i].key, samples[i].label, logits)
		if !keep {
			continue
		}
		if e.part != nil {
			s.fold = e.part.fold
		}
		if e.photos > 0 {
			x := samples[i].source
			if m, ok := x.(*pixels.Memory); ok && !e.model.Scale.None() {
				x = raw{m, e.model.Scale}
			}
			s.picture, looked = newThumb(x, samples[i].shape), true
		}
		e.worst.add(s)
	}
	if looked {
		return e.Err()
	}
	return nil
}

// judgeWorst finds the samples with the largest loss among those of scores in a file, which have numbers for keys.
func (sc *scored) judgeWorst(c *config) (err error) {
	if sc.worst, err = newWorst(c, sc); err != nil {
		return err
	}
	for i, label := range sc.labels {
		var s judgedSample
		var keep bool
		if sc.single != nil {
			s, keep = judge(sc.worst, i, "", label, sc.single[i:i+1])
		} else {
			s, keep = judge(sc.worst, i, "", label, sc.scores[i*sc.columns:][:sc.columns])
		}
		if keep {
			s.key = strconv.Itoa(i)
			sc.worst.add(s)
		}
	}
	return nil
}

// writeWorst writes the list as a table.
func (r *report) writeWorst(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "\nworst: the largest loss first; p is %s\n", r.worst.meaning()); err != nil {
		return err
	}
	var t table
	heading := []string{"sample", "true", "predicted", "p", "loss"}
	if r.worst.folds {
		heading = append(heading, foldColumn)
	}
	t.add(heading...)
	for _, s := range r.worst.list() {
		row := []string{s.key, r.worst.className(s), r.worst.names[s.predicted], fmt.Sprintf("%.4g", s.probability()), fmt.Sprintf("%.4g", s.loss)}
		if r.worst.folds {
			row = append(row, strconv.Itoa(s.fold))
		}
		t.add(row...)
	}
	return t.write(w, false)
}

// meaning says what p is.
func (w *worst) meaning() string {
	if w.ranks {
		return "the logistic function of a score that only ranks samples, no probability"
	}
	return "the probability of the true class"
}

// className is the class of a sample.
func (w *worst) className(s judgedSample) string { return models.ClassName(w.classes, s.label) }

// MarshalJSON writes the list.
func (w *worst) MarshalJSON() ([]byte, error) {
	type row struct {
		Key       string   `json:"key"`
		Label     string   `json:"label"`
		Predicted string   `json:"predicted"`
		P         float64  `json:"p"`
		Loss      *float64 `json:"loss"`           // null if it is infinite
		Fold      *int     `json:"fold,omitempty"` // of a cross-validation
	}
	rows := []row{}
	for _, s := range w.list() {
		r := row{Key: s.key, Label: w.className(s), Predicted: w.names[s.predicted], P: s.probability()}
		if !math.IsInf(s.loss, 0) {
			r.Loss = &s.loss
		}
		if w.folds {
			r.Fold = &s.fold
		}
		rows = append(rows, r)
	}
	return json.Marshal(rows)
}
