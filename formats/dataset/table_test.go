package dataset

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
)

// zipped returns an archive with these members: name, content, name, content, …
func zipped(t testing.TB, method uint16, members ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: members[i].(string), Method: method})
		if err == nil {
			_, err = w.Write(members[i+1].([]byte))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLoadEveryForm loads every form with any number of samples in memory and the rest in a temporary file, which must have
// disappeared.
func TestLoadEveryForm(t *testing.T) {
	temp := t.TempDir()
	for _, shape := range [][]int{{2, 3}, {3, 2, 1}} {
		want := ramps(5, shape...)
		data, labels := forms(t, want)
		t.Setenv("TMPDIR", temp)
		for form, content := range data {
			for _, memory := range []int64{0, 1, 23, 24, 25, 72, 119, 120, 1000} { // a sample takes 24 bytes
				o := Options{Labels: labels[form], NeedLabels: true, Memory: memory}
				table, err := Load("", bytes.NewReader(content), o)
				if err == nil {
					err = sameTable(table, want)
				}
				if err != nil {
					t.Fatalf("%s, memory %d: %v", form, memory, err)
				}
				kept := 5
				if memory > 0 {
					kept = min(5, int(memory/24))
				}
				if len(table.kept) != kept {
					t.Errorf("%s, memory %d: %d samples in memory, want %d", form, memory, len(table.kept), kept)
				}
				if names, err := os.ReadDir(temp); err != nil || len(names) != 0 {
					t.Errorf("%s, memory %d: temporary files are left: %v %v", form, memory, names, err)
				}
				if err := table.Close(); err != nil {
					t.Error(err)
				}
			}
			table, err := Load(writeFile(t, "data", content), nil, Options{Labels: labels[form]})
			if err == nil {
				err = sameTable(table, want)
			}
			if err != nil {
				t.Fatalf("%s in a file: %v", form, err)
			}
			if got := table.Classes(); !slices.Equal(got, []string{"0", "1", "2"}) {
				t.Errorf("%s: classes %q", form, got)
			}
			if err := table.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestLoadMapsArrays: the samples of an array in a file are read where they lie, and take no memory.
func TestLoadMapsArrays(t *testing.T) {
	want := ramps(5, 3, 200, 2)
	for _, dtype := range []npy.DType{npy.Float16, npy.Float32, npy.Float64} {
		table, err := Load(writeFile(t, "x.npy", arrayOf(t, dtype, want)), nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if cost := hostile.Allocated(func() { table.Sample(2).Pixels(make([]float32, 400), 1, 2, 0, 400) }); cost > 400*4+1000 && !raced {
			t.Errorf("%v: reading a channel of a sample takes %d bytes", dtype, cost)
		}
		if table.InPlace() != (dtype == npy.Float32) || table.Err() != nil {
			t.Errorf("%v: in place %v, %v", dtype, table.InPlace(), table.Err())
		}
		if heap, _ := table.Held(); heap > 5*perSample+100 {
			t.Errorf("%v: takes %d bytes", dtype, heap)
		}
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLoadFortran loads an array in Fortran order, mapped and through a pipe.
func TestLoadFortran(t *testing.T) {
	header := "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 3), }\n"
	array := "\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header
	for k := range 3 {
		for j := range 2 {
			for i := range 2 { // the first index runs fastest
				array += string(rune(100*i + 3*j + k))
			}
		}
	}
	want := ramps(2, 2, 3)
	name := writeFile(t, "x.npy", []byte(array))
	for how, load := range map[string]func() (*Table, error){
		"file": func() (*Table, error) {
			return Load(name, nil, Options{Labels: writeFile(t, "y.npy", labelsOf(t, 0, 1))})
		},
		"pipe": func() (*Table, error) {
			return Load("", strings.NewReader(array), Options{Labels: writeFile(t, "y.npy", labelsOf(t, 0, 1))})
		},
	} {
		table, err := load()
		if err == nil {
			err = sameTable(table, want)
		}
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		table.Close()
	}
}

func TestLoadRefusesNoSamples(t *testing.T) {
	for form, content := range map[string]string{
		"stream": string(streamOf(t, stream.Zstd, stream.Metadata{})), "npy": npyText("f4", "(0, 2, 2)", ""),
		"npz": string(zipped(t, 0, "x.npy", []byte(npyText("f4", "(0, 2, 2)", "")), "y.npy", labelsOf(t))),
	} {
		_, err := Load("", strings.NewReader(content), Options{NeedLabels: form != "npy"})
		expect(t, form, err, "reading stdin: there are no samples", nil)
		if samples, _, err := read("", strings.NewReader(content), Options{}); err != nil || len(samples) != 0 {
			t.Errorf("%s as a source: %d samples, %v", form, len(samples), err)
		}
	}
}

// lateMeta returns a tar as `tar --sort=name` makes it: the metadata come after samples whose names are digits.
func lateMeta(t *testing.T, labels []string, classes string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stream.NewMemberWriter(&b, stream.None)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, content string) {
		if err := w.Write(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	for i, label := range labels {
		write(fmt.Sprintf("%d.cls", i), label)
		write(fmt.Sprintf("%d.npy", i), npyText("f4", "(1, 1)", "\x00\x00\x80\x3f"))
	}
	write("__meta__/dataset.json", classes)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLateMetadata(t *testing.T) {
	const classes = `{"classes": ["cat", "dog"]}`
	table, err := Load("", bytes.NewReader(lateMeta(t, []string{"dog", "0", "cat\n", "1"}, classes)), Options{NeedLabels: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for i := range table.Len() {
		got = append(got, table.Label(i))
	}
	if !slices.Equal(got, []int{1, 0, 0, 1}) || !slices.Equal(table.Classes(), []string{"cat", "dog"}) || table.Key(2) != "2" {
		t.Errorf("labels %v, classes %q, key %q", got, table.Classes(), table.Key(2))
	}

	_, err = Load("", bytes.NewReader(lateMeta(t, []string{"dog", "fox"}, classes)), Options{})
	expect(t, "name of no class", err, `reading stdin: sample 1: label "fox" is none of the 2 classes, which are "cat", "dog"`, nil)
	_, err = Load("", bytes.NewReader(lateMeta(t, []string{"dog", "0"}, "{}")), Options{})
	expect(t, "no classes", err, `reading stdin: sample 1: label "0" is a number, but that of sample 0 is a name, "dog"; make all of them names or all numbers, or name the classes in __meta__/dataset.json`, nil)
	table, err = Load("", bytes.NewReader(lateMeta(t, []string{"dog", "cat"}, "{}")), Options{Note: func(line string) {
		if line != `reading stdin: labels are names of 2 classes: 0 "cat", 1 "dog"` && !strings.Contains(line, "are taken for images") {
			t.Error(line)
		}
	}})
	if err != nil || table.Label(0) != 1 || table.Label(1) != 0 || !slices.Equal(table.Classes(), []string{"cat", "dog"}) || !slices.Equal(table.Metadata.Classes, []string{"cat", "dog"}) {
		t.Errorf("labels that name the classes: %v", err)
	}
	for _, labels := range [][]string{{"1", "0", "2", "1"}, {"1", "2"}} {
		late := lateMeta(t, labels, classes)
		want := fmt.Sprintf("reading stdin: sample %d: label 2, but there are 2 classes, numbered from 0", slices.Index(labels, "2"))
		_, err = Load("", bytes.NewReader(late), Options{})
		expect(t, "label out of range", err, want, nil)
		_, _, err = read("", bytes.NewReader(late), Options{})
		expect(t, "label out of range, source", err, want, nil)
	}
	numbered, info, err := read("", bytes.NewReader(lateMeta(t, []string{"1", "0"}, classes)), Options{})
	if err != nil || len(numbered) != 2 || !slices.Equal(info.Classes, []string{"cat", "dog"}) {
		t.Errorf("classes after numbers: %d samples, classes %q, %v", len(numbered), info.Classes, err)
	}
	_, _, err = read("", bytes.NewReader(lateMeta(t, []string{"dog", "cat"}, classes)), Options{})
	expect(t, "name before the classes", err, `reading stdin: sample 0: label "dog" is a name, and no member __meta__/dataset.json before it names the classes`, nil)

	// The caller's classes are used until those of the data come, which must be the same. A table waits for them.
	late := lateMeta(t, []string{"dog", "cat"}, classes)
	known, _, err := read("", bytes.NewReader(late), Options{Classes: []string{"cat", "dog"}})
	if err != nil || len(known) != 2 || known[0].Label != 1 || known[1].Label != 0 {
		t.Errorf("late names that are known: %d samples, %v", len(known), err)
	}
	o := Options{Classes: []string{"dog", "cat"}}
	_, _, err = read("", bytes.NewReader(late), o)
	expect(t, "other names", err, `reading stdin: the classes are named "cat", "dog" only after samples whose labels were taken for those of "dog", "cat"; pack __meta__ first`, nil)
	o.Classes = []string{"a", "b", "c", "cat", "dog"}
	_, _, err = read("", bytes.NewReader(late), o)
	expect(t, "many other names", err, `reading stdin: the classes are named "cat", "dog" only after samples whose labels were taken for those of "a", "b", "c", "cat", "dog"; pack __meta__ first`, nil)
	table, err = Load("", bytes.NewReader(late), o)
	if err != nil || table.Label(0) != 4 || table.Label(1) != 3 || !slices.Equal(table.Classes(), o.Classes) {
		t.Errorf("table of late names: %v", err)
	}
}
