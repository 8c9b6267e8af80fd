package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/fieldcheck"
)

// foreign tests the fields in a file.
func (k *check) foreign(s tool.Stdio) (*fieldcheck.Report, error) {
	var in io.Reader
	if tool.IsStdin(k.file) {
		stdin, err := s.Stdin()
		if err != nil {
			return nil, err
		}
		in = stdin
	} else {
		f, err := os.Open(k.file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	var counter atomic.Pointer[tool.Counter]
	shown := s.NewProgress(k.Quiet, func() string {
		if c := counter.Load(); c != nil {
			return c.Line()
		}
		return ""
	})
	defer shown.Close()
	in, err := k.noStream(in)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", tool.InputName(k.file), err)
	}
	r, err := k.array(in, func(fields int) *tool.Counter {
		counter.Store(tool.NewCounter("gpgen check", "field", fields))
		return counter.Load()
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", tool.InputName(k.file), err)
	}
	return r, nil
}

// noStream refuses a tar archive, such as gpgen writes, compressed or plain. What it returns reads all of in.
func (k *check) noStream(in io.Reader) (io.Reader, error) {
	const magic, enough = "\x93NUMPY", 1 << 20 // to decompress the first header
	b := bufio.NewReader(in)
	if head, _ := b.Peek(len(magic)); string(head) == magic {
		return b, nil
	}
	b = bufio.NewReaderSize(b, enough)
	head, _ := b.Peek(enough)
	if _, err := stream.NewMemberReader(bytes.NewReader(head), k.Limits()); err == nil {
		return nil, errors.New("this is a tar archive, not an array; gpgen writes an array with --format npy")
	}
	return b, nil
}

// maxField bounds the bytes of a field that are held.
func (k *check) maxField() int64 {
	if limit := k.Limits().Member; limit > 0 {
		return limit
	}
	return 1 << 30
}

// take finds out what the fields in an array are: its last sizes, without axes of length 1 at the end, are those of a field,
// and the sizes before them say how many fields there are.
func (k *check) take(array []int) error {
	long := len(array)
	for long > 1 && array[long-1] == 1 {
		long--
	}
	if k.field != nil {
		for _, sizes := range [][]int{array, array[:long]} {
			if before := len(sizes) - len(k.field); before >= 0 && slices.Equal(sizes[before:], k.field) {
				k.whole = before == 0
				return nil
			}
		}
		return fmt.Errorf("an array of %v does not end with the sizes of --shape %s; %s", array, join(k.field, strconv.Itoa), ways(array[:long], nil))
	}
	switch n := len(array); {
	case n > 4:
		return fmt.Errorf("shape is %v; want [n,N], [n,H,W] or [n,D,H,W], with the number of fields first; %s", array, ways(array[:long], nil))
	case n == 1:
		k.field, k.whole = array, true
		return nil
	}
	k.field = array[1:]
	if others := ways(array[:long], k.field); others != "" && (array[0] > 1 || len(array) == 4) {
		k.other = fmt.Sprintf("the array %v was taken for %s; %s", array, fieldcheck.Count(array[0], k.field), others)
	}
	return nil
}

// ways lists how an array can be taken for fields, other than for fields of the shape but.
func ways(array, but []int) string {
	var list []string
	for axes := 1; axes <= min(3, len(array)); axes++ {
		field, takes := array[len(array)-axes:], ""
		if slices.Equal(field, but) || slices.Contains(field, 1) {
			continue
		}
		if list == nil {
			takes = "takes it "
		}
		fields := dims.Count(array[:len(array)-axes])
		list = append(list, fmt.Sprintf("--shape %s %sfor %s", join(field, strconv.Itoa), takes, fieldcheck.Count(fields, field)))
	}
	return strings.Join(list, ", ")
}

// orElse adds to an error that the array could be taken for other fields.
func (k *check) orElse(err error) error {
	if err == nil || k.other == "" {
		return err
	}
	return fmt.Errorf("%w; %s", err, k.other)
}

// array tests the fields in an array, one by one, and counts them with what begin returns for their number.
func (k *check) array(in io.Reader, begin func(fields int) *tool.Counter) (*fieldcheck.Report, error) {
	rows, err := npy.NewRows(in, k.maxField())
	if err == io.EOF {
		err = errors.New("no data (0 bytes)")
	}
	if err != nil {
		return nil, err
	}
	if slices.Contains(rows.Shape, 0) {
		return nil, fmt.Errorf("no fields in an array of %v", rows.Shape)
	}
	if err := k.take(rows.Shape); err != nil {
		return nil, err
	}
	total := dims.Count(rows.Shape) / dims.Count(k.field)
	if k.n > total {
		return nil, fmt.Errorf("-n %d asks for more than the %d fields there are", k.n, total)
	}
	claim := k.claim(k.field, k.claimed)
	if rows.DType == npy.Float16 {
		claim.Rounding = 0x1p-11
	}
	all := total
	if k.n > 0 {
		all = k.n
	}
	counter := begin(all)
	var tester *fieldcheck.Tester
	var fields []float32
	for done := 0; done < total && (k.n == 0 || done < k.n); {
		part, err := k.next(rows, fields)
		if err != nil {
			return nil, err
		}
		if fields == nil {
			fields = make([]float32, part.Len())
		}
		if err := part.Float32To(fields); err != nil {
			return nil, fmt.Errorf("field %d: %w", done, err)
		}
		if tester == nil { // memory follows the first field, not the header
			if tester, err = fieldcheck.New(claim); err != nil {
				return nil, k.orElse(remedyOfClaim(err))
			}
			need := fieldcheck.Memory(claim.Shape) + 4*float64(len(fields)) + float64(rows.Held())
			if err := tool.Fits("testing the fields", need, "smaller fields"); err != nil {
				return nil, err
			}
		}
		for x := range slices.Chunk(fields, dims.Count(k.field)) {
			if k.n > 0 && done == k.n {
				break
			}
			if err := tester.Add(x); err != nil {
				return nil, err
			}
			counter.Step()
			done++
		}
	}
	if k.n == 0 {
		if n, _ := in.Read(make([]byte, 1)); n > 0 {
			return nil, fmt.Errorf("more data after the array of %v", rows.Shape)
		}
	}
	r, err := tester.Report(k.falseAlarm)
	return r, k.orElse(err)
}

// next reads the next fields: the whole array if it is one field, else its next row, which may use the memory of the last
// one again.
func (k *check) next(rows *npy.Rows, last []float32) (*npy.Array, error) {
	if k.whole {
		return rows.Whole(k.maxField())
	}
	return rows.NextReusing(last)
}
