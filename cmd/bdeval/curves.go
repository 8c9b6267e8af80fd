package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/lib/draw"
	"backdrop/lib/metric"
)

// picture is what a flag writes into a file, as a picture or as an array.
type picture struct {
	png, npy func(io.Writer) error
	missing  string // why there is nothing to show; empty if there is
}

// curveFlags are the flags that write pictures.
var curveFlags = [...]struct {
	name  string
	from  basis
	usage string
	of    func(problem) picture
}{
	rocCurve: {"roc", ranks, "draw the ROC curve into `FILE`, a .png, or an .npy with the columns false positive rate, true positive rate, threshold", func(p problem) picture {
		return p.curves(draw.Plot{Title: "ROC", X: "false positive rate", Y: "true positive rate"}, draw.Curve{Name: "chance", X: []float64{0, 1}, Y: []float64{0, 1}, Grey: true}, roc)
	}},
	prCurve: {"pr", ranks, "draw the precision-recall curve into `FILE`, a .png, or an .npy with the columns recall, precision, threshold", func(p problem) picture {
		return p.curves(draw.Plot{Title: "Precision and recall", X: "recall", Y: "precision"}, p.prevalence(), precisionRecall)
	}},
	calibrationCurve: {"calibration", probabilities, "draw how often what was predicted came true into `FILE`, a .png, or an .npy with a row for each bin with samples: low end, high end, mean probability, frequency, samples", calibration},
	confusionPicture: {"confusion", decisions, "draw the confusion matrix into `FILE`, a .png, or an .npy of counts", confusion},
}

const (
	rocCurve = iota
	prCurve
	calibrationCurve
	confusionPicture
)

// writeCurves writes the files that flags ask for, and returns the curves that do not exist.
func writeCurves(results *tool.Results, p problem, c *config) (undrawn []string, err error) {
	for i, file := range c.curves {
		if file == "" {
			continue
		}
		pic := curveFlags[i].of(p)
		if pic.missing != "" {
			undrawn = append(undrawn, fmt.Sprintf("--%s (%s)", curveFlags[i].name, pic.missing))
			continue
		}
		write := pic.png
		if isArray(file) {
			write = pic.npy
		}
		if err := results.Write(file, tool.Binary, write); err != nil {
			return nil, err
		}
	}
	return undrawn, nil
}

// curves shows a curve of the positive class, or one of each class against the rest, beside a reference.
func (p problem) curves(plot draw.Plot, reference draw.Curve, of func(*metric.Binary) ([]metric.Point, draw.Curve)) picture {
	if p.two != nil {
		points, c := of(p.two)
		if points == nil {
			return picture{missing: c.Name}
		}
		plot.Curves = []draw.Curve{reference, c}
		return picture{png: plot.Encode, npy: func(w io.Writer) error { return writePoints(w, points) }}
	}
	several := func(io.Writer) error {
		return tool.Usagef("there are %d classes, each with a curve of its own; name one with --positive", len(p.confusion.Classes))
	}
	if len(p.confusion.Classes) > draw.MaxCurves {
		return picture{png: several, npy: several}
	}
	plot.Title += ", each class against the rest"
	if reference.X != nil {
		plot.Curves = append(plot.Curves, reference)
	}
	for i, class := range p.confusion.Classes {
		_, c := of(p.more.OneVsRest(i))
		c.Name = fmt.Sprintf("%s: %s", class, c.Name)
		plot.Curves = append(plot.Curves, c)
	}
	return picture{png: plot.Encode, npy: several}
}

// roc returns the points of a ROC curve, and the curve to draw. If there is none, its name says why.
func roc(b *metric.Binary) ([]metric.Point, draw.Curve) {
	points, missing := b.ROC()
	if points == nil {
		return nil, draw.Curve{Name: missing}
	}
	return points, thinned(fmt.Sprintf("AUC %s", b.AUC(metric.Confidence{})), points, false)
}

// precisionRecall returns the points of a precision-recall curve, and the curve to draw. If there is none, its name says why.
func precisionRecall(b *metric.Binary) ([]metric.Point, draw.Curve) {
	points, missing := b.PrecisionRecall()
	if points == nil {
		return nil, draw.Curve{Name: missing}
	}
	return points, thinned(fmt.Sprintf("average precision %s", b.AveragePrecision(metric.Confidence{})), points, true)
}

// prevalence is the precision of chance; of many classes each has its own.
func (p problem) prevalence() draw.Curve {
	if p.two == nil {
		return draw.Curve{}
	}
	positive, n := 0, 0
	for i, row := range p.confusion.Count {
		for _, count := range row {
			n += count
			positive += i * count
		}
	}
	share := float64(positive) / float64(n)
	return draw.Curve{Name: fmt.Sprintf("chance %.4f", share), X: []float64{0, 1}, Y: []float64{share, share}, Grey: true}
}

// thinned drops points that cannot be told from the one before on a picture. With steps, it adds the corners of the steps
// that the area was summed over.
func thinned(name string, points []metric.Point, steps bool) draw.Curve {
	const apart = 1.0 / 1024 // half a pixel
	c := draw.Curve{Name: name}
	last := metric.Point{X: math.Inf(-1)}
	for i, p := range points {
		if i < len(points)-1 && math.Abs(p.X-last.X) < apart && math.Abs(p.Y-last.Y) < apart {
			continue
		}
		if steps {
			c.X, c.Y = append(c.X, max(last.X, 0)), append(c.Y, p.Y)
		}
		c.X, c.Y = append(c.X, p.X), append(c.Y, p.Y)
		last = p
	}
	return c
}

// calibration shows the bins that have samples.
func calibration(p problem) picture {
	plot := draw.Plot{Title: "Calibration", X: "probability of the positive class", Y: "share of positive samples"}
	if p.two == nil {
		plot.X, plot.Y = "probability of the class predicted", "share of samples of that class"
	}
	bins := p.set().Calibration(p.bins)
	c := draw.Curve{Name: fmt.Sprintf("expected error %s, %d bins", p.set().CalibrationError(p.bins, metric.Confidence{}), p.bins), Marked: true}
	var rows [][]float64
	for _, b := range bins {
		if b.Count > 0 {
			c.X, c.Y = append(c.X, b.Confidence), append(c.Y, b.Frequency)
			rows = append(rows, []float64{b.Low, b.High, b.Confidence, b.Frequency, float64(b.Count)})
		}
	}
	plot.Curves = []draw.Curve{{Name: "what was said came true", X: []float64{0, 1}, Y: []float64{0, 1}, Grey: true}, c}
	return picture{png: plot.Encode, npy: func(w io.Writer) error { return writeRows(w, rows) }}
}

// confusion shows the counts.
func confusion(p problem) picture {
	n := len(p.confusion.Classes)
	t := draw.Confusion{Title: "Confusion matrix", Rows: "true class", Columns: "predicted class", Names: p.confusion.Classes, Count: p.confusion.Count}
	return picture{png: t.Encode, npy: func(w io.Writer) error {
		var counts []int64
		for _, row := range p.confusion.Count {
			for _, c := range row {
				counts = append(counts, int64(c))
			}
		}
		return npy.WriteInt64(w, []int{n, n}, counts)
	}}
}

func writePoints(w io.Writer, points []metric.Point) error {
	if err := npy.WriteHeader(w, npy.Float64, []int{len(points), 3}); err != nil {
		return err
	}
	return writeDoubles(w, func(yield func(float64)) {
		for _, p := range points {
			yield(p.X)
			yield(p.Y)
			yield(p.Threshold)
		}
	})
}

func writeRows(w io.Writer, rows [][]float64) error {
	if err := npy.WriteHeader(w, npy.Float64, []int{len(rows), len(rows[0])}); err != nil {
		return err
	}
	return writeDoubles(w, func(yield func(float64)) {
		for _, row := range rows {
			for _, v := range row {
				yield(v)
			}
		}
	})
}

// writeDoubles writes what each yields, in chunks.
func writeDoubles(w io.Writer, each func(yield func(float64))) error {
	const chunk = 64 << 10
	buf, failed := make([]byte, 0, chunk), error(nil)
	flush := func() {
		_, err := w.Write(buf)
		buf, failed = buf[:0], errors.Join(failed, err)
	}
	each(func(v float64) {
		if buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v)); len(buf) == chunk && failed == nil {
			flush()
		}
	})
	flush()
	return failed
}
