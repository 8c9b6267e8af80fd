package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"backdrop/formats/cut"
	"backdrop/formats/npy"
)

// npz opens an archive with the samples as x and the labels, unless they are in a file, as y.
func (in *input) npz(o Options) (Source, error) {
	r, size, err := in.readerAt(o.Memory / 4)
	if err != nil {
		return nil, err
	}
	archive, err := npy.OpenArchive(r, size)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, name := range archive.Names() {
		has[name] = true
	}
	if !has["x"] {
		return nil, fmt.Errorf("npz: no member x.npy among %d (%.100q)", len(has), strings.Join(archive.Names(), ", "))
	}
	x, err := archive.Open("x")
	if err != nil {
		return nil, err
	}
	in.own = append(in.own, x)
	rows, err := npy.NewRows(x, o.Limits.OrDefault().Member)
	if err == io.EOF {
		err = cut.Error("npy: no data")
	}
	if err == nil {
		err = checkShape(rows.Shape)
	}
	if err != nil {
		return nil, fmt.Errorf("npz: member x.npy: %w", err)
	}
	source := &rowSource{rows: rows, r: x, where: "npz: member x.npy: "}
	switch {
	case has["y"] && o.Labels != "":
		return nil, &AdvisedError{Err: errors.New("npz: there are labels in the archive (y) and in a file"), Advice: LeaveLabels}
	case has["y"]:
		source.labels, source.names, err = readY(archive, rows.Shape[0], o)
	case o.NeedLabels && o.Labels == "":
		return nil, &AdvisedError{Err: errors.New("npz: no labels, which would be member y.npy"), Advice: GiveLabels}
	default:
		source.labels, source.names, err = fileLabels(o, rows.Shape[0])
	}
	source.own = in.own
	if _, ok := r.(*bytes.Reader); ok {
		source.held = size
	}
	return source, err
}

// readY reads the labels of n samples from the archive.
func readY(archive *npy.Archive, n int, o Options) ([]int, []string, error) {
	a, err := archive.ReadText("y", o.Limits.OrDefault().Member)
	if err != nil {
		return nil, nil, err
	}
	classes, names, err := o.arrayLabels(a, n)
	if err != nil {
		return nil, nil, fmt.Errorf("npz: member y.npy: %w", err)
	}
	return classes, names, nil
}

// readerAt returns the input as a reader that can start anywhere, as package zip needs it. A pipe is read to its end first:
// into memory if it has at most that many bytes, else into a temporary file.
func (in *input) readerAt(memory int64) (r io.ReaderAt, size int64, err error) {
	if in.regular() {
		info, err := in.file.Stat()
		if err != nil {
			return nil, 0, err
		}
		return in.file, info.Size(), nil
	}
	if memory <= 0 {
		memory = math.MaxInt64
	}
	var b bytes.Buffer
	n, err := io.CopyN(&b, in.Reader, memory)
	if err == io.EOF {
		return bytes.NewReader(b.Bytes()), n, nil
	}
	if err != nil {
		return nil, 0, err
	}
	f, err := newTempFile()
	if err != nil {
		return nil, 0, err
	}
	in.own = append(in.own, f)
	size, err = io.Copy(struct{ io.Writer }{f}, io.MultiReader(&b, in.Reader))
	return f, size, err
}
