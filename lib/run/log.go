package run

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// A log has a line for each epoch, a JSON object: the Record.

// lineStart begins every line that Line writes.
const lineStart = `{"epoch":`

// Line is the record as a line of a log, with its end.
func (r Record) Line() ([]byte, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("writing the log: %w", err)
	}
	return append(line, '\n'), nil
}

// FinishedPart reads, from the start of a log that Line wrote, the lines of the first epochs of a run that goes on, and returns
// their records and how many bytes they take. The log may begin with any epoch; what follows those that are finished, and a last
// line that is not whole, do not count. It is an error if the log does not have all of them from its first on.
func FinishedPart(log io.Reader, finished int) (records []Record, size int64, err error) {
	last := 0
	for in := bufio.NewReader(log); last < finished; {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) { // a line that is not whole was never finished
			if n := min(len(line), len(lineStart)); string(line[:n]) != lineStart[:n] {
				return nil, 0, fmt.Errorf("%.60q is no line of a log", line)
			}
			break
		}
		if err != nil {
			return nil, 0, err
		}
		var r Record
		if err := json.Unmarshal(line, &r); err != nil || r.Epoch < 1 || last > 0 && r.Epoch != last+1 {
			return nil, 0, fmt.Errorf("its line %.60q does not follow that of epoch %d", line, last)
		}
		if r.Epoch > finished {
			break
		}
		records, size, last = append(records, r), size+int64(len(line)), r.Epoch
	}
	if size > 0 && last < finished {
		return nil, 0, fmt.Errorf("it ends with epoch %d, but the checkpoint has finished %d", last, finished)
	}
	return records, size, nil
}

// maxLine bounds a line of a log, in bytes; one that Line writes has a few hundred.
const maxLine = 1 << 20

// maxFigure bounds losses, so that sums of them and ranges of axes are finite; diverged training in float32 ends below it.
const maxFigure = 1e100

// ReadLog reads a log that Line or another program wrote, to be drawn. A last line that is cut, or being written, is left out; cut is its
// number, else 0. Of figures that a line lacks, a loss or an accuracy is NaN, one of validation nil; a log without any is an error.
func ReadLog(r io.Reader) (log []Record, cut int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	lines.Split(terminated)
	figures := false
	for n := 1; lines.Scan(); n++ {
		line, whole := bytes.CutSuffix(lines.Bytes(), []byte("\n"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		e, err := parseLine(line)
		if !whole && !json.Valid(line) {
			cut = n
			break
		}
		if err == nil && len(log) > 0 && e.Epoch <= log[len(log)-1].Epoch {
			err = fmt.Errorf("epoch %d comes after epoch %d; is this more than one log?", e.Epoch, log[len(log)-1].Epoch)
		}
		if err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", n, err)
		}
		log = append(log, e)
		figures = figures || !math.IsNaN(e.Loss) || !math.IsNaN(e.Accuracy) || e.ValLoss != nil || e.ValAccuracy != nil
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, 0, fmt.Errorf("a line is longer than %d bytes; this is no log", maxLine)
	case err != nil:
		return nil, 0, err
	case len(log) == 0:
		return nil, 0, errors.New("there is no epoch in the log")
	case !figures:
		return nil, 0, errors.New("no line has a loss or an accuracy, as in {\"epoch\":1,\"loss\":1.39,\"accuracy\":0.25}")
	}
	return log, cut, nil
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

// parseLine reads a line of ReadLog.
func parseLine(line []byte) (Record, error) {
	e := Record{Loss: math.NaN(), Accuracy: math.NaN()}
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
