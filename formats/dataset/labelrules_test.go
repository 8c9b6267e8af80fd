package dataset

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
)

// TestKnownLabels: the labels of an array are known before its samples are read, those of a stream are not.
func TestKnownLabels(t *testing.T) {
	data, labels := forms(t, ramps(5, 2, 2))
	for form, content := range data {
		for _, how := range []string{"file", "pipe"} {
			name := "-"
			if how == "file" {
				name = writeFile(t, "data", content)
			}
			s, err := Open(name, bytes.NewReader(content), Options{Labels: labels[form]})
			if err != nil {
				t.Fatal(err)
			}
			want := []int{0, 1, 2, 0, 1}
			if !strings.HasPrefix(form, "np") {
				want = nil
			}
			if got := s.Labels(); !slices.Equal(got, want) {
				t.Errorf("%s, %s: labels %v, want %v", form, how, got, want)
			}
			s.Close()
		}
	}
}

func TestNumbering(t *testing.T) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf("c%02d", i))
	}
	for n, want := range map[int]string{
		1:   `labels are names of 1 classes: 0 "c00"`,
		3:   `labels are names of 3 classes: 0 "c00", 1 "c01", 2 "c02"`,
		100: `labels are names of 100 classes: 0 "c00", 1 "c01", 2 "c02", 3 "c03", 4 "c04", 5 "c05", 6 "c06", 7 "c07", 8 "c08", 9 "c09", … 99 "c99"`,
	} {
		if got := Numbering(names[:n]); got != want {
			t.Errorf("%d:\n got %s\nwant %s", n, got, want)
		}
	}
}

func TestOneEach(t *testing.T) {
	for _, c := range []struct {
		shape []int
		n     int
		want  bool
	}{
		{[]int{3}, 3, true}, {[]int{3, 1}, 3, true}, {[]int{1, 3}, 3, true}, {[]int{1, 3, 1}, 3, true}, {[]int{1, 1}, 1, true}, {[]int{1}, 1, true}, {[]int{0}, 0, true}, {[]int{0, 1}, 0, true},
		{[]int{}, 1, false}, {[]int{3, 2}, 6, false}, {[]int{3, 2}, 3, false}, {[]int{3}, 2, false}, {[]int{0, 0}, 0, false}, {[]int{0, 5}, 0, false},
	} {
		if got := OneEach(c.shape, c.n); got != c.want {
			t.Errorf("%v for %d samples: %v", c.shape, c.n, got)
		}
	}
}

// TestManyNames: texts that are all different are names, up to a limit.
func TestManyNames(t *testing.T) {
	const width = 40
	n := maxNames/width + 1
	name := writeFile(t, "y.npy", nil)
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	header := fmt.Sprintf("{'descr': '|S%d', 'fortran_order': False, 'shape': (%d,), }\n", width, n)
	fmt.Fprintf(f, "\x93NUMPY\x01\x00%c\x00%s", len(header), header)
	for i := range n {
		fmt.Fprintf(f, "%0*d", width, i)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := npy.OpenText(name)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, _, err = NameClasses(a.Array)
	if want := fmt.Sprintf("%d different labels in %d, more than there can be classes", n, n); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestLateLabelsAreBounded: labels that wait for the names of their classes count once each.
func TestLateLabelsAreBounded(t *testing.T) {
	different := make([]string, leastRoom/(perSample+perLabel))
	same := make([]string, len(different))
	for i := range different {
		different[i], same[i] = fmt.Sprint("label", i), "label0"
	}
	classes := []string{"label0"}
	if table, err := Load("", bytes.NewReader(tarOf(t, same, classes, true)), Options{Memory: 1}); err != nil || table.Label(len(same)-1) != 0 {
		t.Errorf("one label: %v", err)
	}
	_, err := Load("", bytes.NewReader(tarOf(t, different, classes, true)), Options{Memory: 1})
	if err == nil || !strings.HasSuffix(err.Error(), "samples take more than 1048576 bytes") {
		t.Errorf("different labels: %v", err)
	}
}
