package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"backdrop/lib/train"
)

// maxLine bounds a line of a log, in bytes; one that bdtrain writes has a few hundred.
const maxLine = 1 << 20

// maxFigure bounds losses, so that sums of them and ranges of axes are finite; diverged training in float32 ends below it.
const maxFigure = 1e100

// Read reads a log. A last line that is being written is left out. Of figures that a line lacks, a loss or an accuracy
// is NaN, one of validation nil; a log without any is an error.
func Read(r io.Reader) ([]train.Record, error) {
	var log []train.Record
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	lines.Split(terminated)
	figures := false
	for n := 1; lines.Scan(); n++ {
		line, whole := bytes.CutSuffix(lines.Bytes(), []byte("\n"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		e, err := parse(line)
		if !whole && !json.Valid(line) {
			break
		}
		if err == nil && len(log) > 0 && e.Epoch <= log[len(log)-1].Epoch {
			err = fmt.Errorf("epoch %d comes after epoch %d; is this more than one log?", e.Epoch, log[len(log)-1].Epoch)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		log = append(log, e)
		figures = figures || !math.IsNaN(e.Loss) || !math.IsNaN(e.Accuracy) || e.ValLoss != nil || e.ValAccuracy != nil
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("a line is longer than %d bytes; this is no log", maxLine)
	case err != nil:
		return nil, err
	case len(log) == 0:
		return nil, errors.New("there is no epoch in the log")
	case !figures:
		return nil, errors.New("no line has a loss or an accuracy, as in {\"epoch\":1,\"loss\":1.39,\"accuracy\":0.25}")
	}
	return log, nil
}

// terminated splits lines, as bufio.ScanLines does, but leaves them their end.
func terminated(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

func parse(line []byte) (train.Record, error) {
	e := train.Record{Loss: math.NaN(), Accuracy: math.NaN()}
	if err := json.Unmarshal(line, &e); err != nil {
		if bytes.Contains(line, []byte("NaN")) || bytes.Contains(line, []byte("Infinity")) {
			return e, errors.New("NaN and Infinity are no numbers of JSON and cannot be drawn; leave out what is not finite")
		}
		return e, fmt.Errorf("this is no JSON object of an epoch: %w", err)
	}
	if e.Epoch < 1 {
		return e, fmt.Errorf("there is no epoch, or it is not positive (%d)", e.Epoch)
	}
	for _, v := range []*float64{&e.Loss, &e.Accuracy, e.ValLoss, e.ValAccuracy} {
		if v != nil && math.Abs(*v) > maxFigure {
			return e, fmt.Errorf("%g is beyond what can be drawn, %g", *v, maxFigure)
		}
	}
	return e, nil
}
