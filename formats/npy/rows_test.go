package npy

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRows(t *testing.T) {
	for _, descr := range []string{"<u1", "|u1"} {
		for _, fortran := range []string{"False", "True"} {
			header := "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': (2, 2), }\n"
			r := iotest.HalfReader(strings.NewReader(arrayText(1, header, "\x00\x01\x02\x03") + "rest"))
			rows, err := NewRows(r, 8) // a row as float32
			if err != nil {
				t.Fatal(err)
			}
			want := [][]int64{{0, 1}, {2, 3}}
			if fortran == "True" {
				want = [][]int64{{0, 2}, {1, 3}}
			}
			for i := range want {
				row, err := rows.Next()
				if err != nil {
					t.Fatal(err)
				}
				if got := ints(t, row); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("fortran_order %s: row %d is %v, want %v", fortran, i, got, want[i])
				}
			}
			for range 2 {
				if _, err := rows.Next(); err != io.EOF {
					t.Errorf("after the last row: %v", err)
				}
			}
			if rest, _ := io.ReadAll(r); string(rest) != "rest" {
				t.Errorf("the stream goes on with %q", rest)
			}
		}
	}
}

// The whole array is the same in any order, and its limit holds.
func TestRowsWhole(t *testing.T) {
	for _, shape := range []string{"(2, 2)", "(4,)"} {
		for _, fortran := range []string{"False", "True"} {
			header := "{'descr': '|u1', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n"
			r := iotest.HalfReader(strings.NewReader(arrayText(1, header, "\x00\x01\x02\x03") + "rest"))
			rows, err := NewRows(r, 16)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := rows.Whole(16) // as float32
			if err != nil {
				t.Fatal(err)
			}
			want := []int64{0, 1, 2, 3}
			if fortran == "True" && shape == "(2, 2)" {
				want = []int64{0, 2, 1, 3}
			}
			if got := ints(t, whole); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, fortran_order %s: got %v, want %v", shape, fortran, got, want)
			}
			if _, err := rows.Next(); err != io.EOF {
				t.Errorf("a row after the whole: %v", err)
			}
			if rest, _ := io.ReadAll(r); string(rest) != "rest" {
				t.Errorf("the stream goes on with %q", rest)
			}
		}
	}
	rows, err := NewRows(strings.NewReader(arrayText(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n", "\x00\x01\x02\x03")), 8)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Whole(15); text(err) != "npy: shape (2, 2) needs 16 bytes as f4, more than the limit of 15" {
		t.Errorf("beyond the limit: %v", err)
	}
}

// TestRowsLimit: the limit is for what is held: one row in C order, the whole array in Fortran order.
func TestRowsLimit(t *testing.T) {
	header := func(fortran, shape string) io.Reader {
		text := "{'descr': '<f4', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n"
		return strings.NewReader(arrayText(1, text, strings.Repeat("\x00", 1000)))
	}
	for _, c := range []struct {
		fortran, shape, want string
		limit                int64
	}{
		{"False", "(1000000, 5)", "", 20},
		{"False", "(1000000, 5)", "npy: shape (5,) needs 20 bytes, more than the limit of 19", 19},
		{"True", "(10, 5)", "", 200},
		{"True", "(10, 5)", "npy: shape (10, 5) needs 200 bytes, more than the limit of 199", 199},
		{"False", "(0, 9223372036854775807)", "npy: shape (0, 9223372036854775807) needs more than 9223372036854775807 bytes", 20},
		{"False", "(0, 1000000)", "", 20},
		{"False", "()", "npy: a scalar has no rows", 20},
		{"False", "(9223372036854775807, 5)", "npy: shape (9223372036854775807, 5) needs more than 9223372036854775807 bytes", math.MaxInt64},
	} {
		if _, err := NewRows(header(c.fortran, c.shape), c.limit); text(err) != c.want {
			t.Errorf("fortran_order %s, shape %s, limit %d: %v, want %s", c.fortran, c.shape, c.limit, err, c.want)
		}
	}
}

func TestRowsCut(t *testing.T) {
	var b bytes.Buffer
	if err := WriteFloat32(&b, []int{3, 2}, make([]float32, 6)); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		rows, err := NewRows(bytes.NewReader(b.Bytes()[:n]), 100)
		for err == nil {
			_, err = rows.Next()
		}
		if n > 0 && !errors.Is(err, io.ErrUnexpectedEOF) || n == 0 && err != io.EOF {
			t.Errorf("cut after %d bytes: %v", n, err)
		}
		if want := "npy: data ends after 12 of 24 bytes"; n == b.Len()-12 && err.Error() != want {
			t.Errorf("cut after %d bytes: %v, want %s", n, err, want)
		}
	}
}
