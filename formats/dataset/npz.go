package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"backdrop/formats/cut"
	"backdrop/formats/npy"
)

// npz opens an archive with the samples and the labels, unless these are in a file.
func (in *input) npz(o Options) (Source, error) {
	r, size, err := in.readerAt(o.Memory / 4)
	if err != nil {
		return nil, err
	}
	archive, err := npy.OpenArchive(r, size)
	if err != nil {
		return nil, err
	}
	xName, yName, err := chooseArrays(archive, o)
	if err != nil {
		return nil, err
	}
	x, err := archive.Open(xName)
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
	where := "npz: member " + arrayName(xName) + ".npy: "
	if err != nil {
		return nil, fmt.Errorf("%s%w", where, err)
	}
	source := &rowSource{rows: rows, r: x, where: where}
	switch {
	case yName != "" && o.Labels != "":
		return nil, &AdvisedError{Err: fmt.Errorf("npz: there are labels in the archive (%s) and in a file", arrayName(yName)), Advice: LeaveLabels}
	case yName != "":
		source.labels, source.names, err = readLabels(archive, yName, rows.Shape[0], o)
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

// readLabels reads the labels of n samples from the archive.
func readLabels(archive *npy.Archive, name string, n int, o Options) ([]int, []string, error) {
	a, err := archive.ReadText(name, o.Limits.OrDefault().Member)
	if err != nil {
		return nil, nil, err
	}
	classes, names, err := o.arrayLabels(a, n)
	if err != nil {
		return nil, nil, fmt.Errorf("npz: member %s.npy: %w", arrayName(name), err)
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
