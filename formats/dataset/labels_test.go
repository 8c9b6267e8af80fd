package dataset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/golden"
)

// tarOf returns a stream of samples with these labels. Their classes are named at the beginning, at the end or not at all.
func tarOf(t *testing.T, labels []string, classes []string, late bool) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stream.NewMemberWriter(&b, stream.None)
	write := func(name, content string) {
		if err == nil {
			err = w.Write(name, []byte(content))
		}
	}
	meta, failed := json.Marshal(stream.Metadata{Classes: classes})
	if failed != nil {
		t.Fatal(failed)
	}
	if !late {
		write("__meta__/dataset.json", string(meta))
	}
	for i, label := range labels {
		write(fmt.Sprintf("%d.cls", i), label)
		write(fmt.Sprintf("%d.npy", i), npyText("f4", "(1, 1)", "\x00\x00\x80\x3f"))
	}
	if late {
		write("__meta__/dataset.json", string(meta))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// classesOf returns the classes of the samples as a source and as a table return them.
func classesOf(content []byte, o Options) (source, table []int, errSource, errTable error) {
	samples, _, errSource := read("", bytes.NewReader(content), o)
	for _, s := range samples {
		source = append(source, s.Label)
	}
	t, errTable := Load("", bytes.NewReader(content), o)
	if errTable == nil {
		for i := range t.Len() {
			table = append(table, t.Label(i))
		}
		t.Close()
	}
	return source, table, errSource, errTable
}

// TestNumerals: labels that are numbers, where names are numbers, in streams that name their classes first, last or not at
// all, with and without classes of the caller.
func TestNumerals(t *testing.T) {
	textOrder := strings.Fields("0 1 10 11 2 3 4 5 6 7 8 9")
	const late = ` only after samples whose labels were taken for numbers; pack __meta__ first`
	for _, c := range []struct {
		labels, classes, wanted string
		want                    string // classes, or the error behind "reading stdin: "
		late                    string // the error of a source if the names come late; "" if it is as with names first
	}{
		{"0 1 10 11 2 9", strings.Join(textOrder, " "), "", "0 1 2 3 4 11", `the classes are named "0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"` + late},
		{"1 0", "1 0", "", "0 1", `the classes are named "1", "0"` + late},
		{"1990 2000 1990", "1990 2000", "", "0 1 0", `the classes are named "1990", "2000"` + late},
		{"1 0", "1990 2000", "", "1 0", `the classes are named "1990", "2000"` + late},
		{"1990 1", "1990 2000", "", "the classes are named by numbers; the label of sample 0 is such a name, that of sample 1 is not", "*"},
		{"0 2000", "1990 2000", "", "the classes are named by numbers; the label of sample 1 is such a name, that of sample 0 is not", "*"},
		{"1995", "1990 2000", "", `sample 0: label "1995" is none of the 2 classes, which are "1990", "2000"`, "*"},
		{"1 2", "1 2", "", "0 1", `the classes are named "1", "2"` + late},
		{"1 0", "1 2", "", `sample 1: label "0" is none of the 2 classes, which are "1", "2"; as names are numbers here, labels are names`, "*"},
		{"00 01 1", "00 01", "", "0 1 1", ""},
		{"01 02", "01 02", "", "0 1", "*"},
		{"1 2", "01 02", "", `sample 0: label "1" is none of the 2 classes, which are "01", "02"; as names are numbers here, labels are names`, "*"},
		{"-1 1 -1", "-1 1", "", "0 1 0", "*"},
		{"-1 0 1", "-1 0 1", "", "0 1 2", "*"},
		{"-1 1 1", "", "", "0 1 1", ""},
		{"1 -1 +1", "", "", "1 0 1", ""},
		{"-1 1 0", "", "", "sample 2: label -1 means class 0 where labels are -1 and 1, but not beside label 0 (samples 0 and 2); number the classes from 0", ""},
		{"2 -1", "", "", "sample 1: label -1 means class 0 where labels are -1 and 1, but not beside others (samples 1 and 0); number the classes from 0", ""},
		{"-1 -2", "", "", "sample 1: label -2 is negative", ""},
		{"-1 1", "cat dog", "", "0 1", ""},
		{"-1 1", "cat dog eel", "", "sample 0: label -1 is negative", ""},
		{"-1 cat", "cat dog", "", "sample 1: label -1 means class 0 where labels are -1 and 1, but not beside label 0 (samples 0 and 1); number the classes from 0", "*"},
		{"1 0 2", "", "", "1 0 2", ""},
		{"1 0 2", "cat dog eel", "", "1 0 2", ""},
		{"1 0 2", "0 1 2", "", "1 0 2", ""},

		// Classes of the caller: by name, whatever the order and however many of them the data name.
		{"0 1 1", "1 0", "0 1", "0 1 1", "*"},
		{"10 2", "2 10", strings.Join(textOrder, " "), "2 4", "*"},
		{"10 2", "", strings.Join(textOrder, " "), "2 4", ""},
		{"12", "", strings.Join(textOrder, " "), `sample 0: label "12" is none of the 12 classes, which are "0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"; as names are numbers here, labels are names`, ""},
		{"dog 0", "dog cat", "cat dog", "1 1", "*"},
		{"1990 1990", "1990", "1980 1990 2000", "1 1", "*"},
		{"0", "0 1", "1 2", `the classes of the data are "0", "1", those of the model "1", "2"`, "*"},
		{"-1 1", "", "cat dog", "0 1", ""},
		{"-1 1", "", "-1 1", "0 1", ""},
		{"0 1", "", "-1 1", "0 1", ""},
		{"-1 1 0", "", "-1 1", "sample 2: the classes are named by numbers; the label of sample 0 is such a name, that of sample 2 is not", ""},
		{"-1 1", "", "0 1", "0 1", ""},
	} {
		what := fmt.Sprintf("labels %s, classes %q, wanted %q", c.labels, c.classes, c.wanted)
		o := Options{NeedLabels: true, Classes: strings.Fields(c.wanted), Whose: "the model"}
		if c.wanted == "" {
			o.Classes = nil
		}
		for _, late := range []bool{false, true} {
			source, table, errSource, errTable := classesOf(tarOf(t, strings.Fields(c.labels), strings.Fields(c.classes), late), o)
			got := strings.Trim(fmt.Sprint(table), "[]")
			if errTable != nil {
				got = strings.TrimPrefix(errTable.Error(), "reading stdin: ")
			}
			if got != c.want && !strings.HasSuffix(got, ": "+c.want) {
				t.Errorf("%s, late: %v:\n got %s\nwant %s", what, late, got, c.want)
			}
			switch {
			case late && c.late != "":
				if errSource == nil || c.late != "*" && errSource.Error() != "reading stdin: "+c.late {
					t.Errorf("%s, late:\n got %v, %v\nwant %s", what, source, errSource, c.late)
				}
			case fmt.Sprint(errSource) != fmt.Sprint(errTable), errSource == nil && !slices.Equal(source, table):
				t.Errorf("%s, late: %v: a source gives %v, %v, a table %v, %v", what, late, source, errSource, table, errTable)
			}
		}
	}
}

// TestLabelArrays: what an array of labels means, in a file of its own and in an archive.
func TestLabelArrays(t *testing.T) {
	dir := t.TempDir()
	golden.NumPy(t, dir, nil, `
import numpy as np
words = np.array(["malignant", "benign", "malignant", "normal"])
arrays = {
    "ints": np.array([0, 1, 1, 2]), "column": np.array([[0], [1], [1], [2]], "u1"), "row": np.array([[0., 1, 1, 2]], "f4"), "fortran": np.asfortranarray(np.array([[0], [1], [1], [2]], "i2")),
    "bools": np.array([False, True, True, False]), "signs": np.array([-1, 1, 1, -1]), "signs f8": np.array([[-1.], [1], [1], [-1]]), "minus": np.array([-1, -1, -1, -1], "i1"),
    "words": words, "big": words.astype(">U12"), "bytes": words.astype("S"), "words column": words.reshape(-1, 1), "words row": words.reshape(1, -1),
    "numerals": np.array(["10", "9", "1", "9"]), "accents": np.array(["é", "z", "Z", "a"]), "years": np.array([1990, 2000, 2000, 1990]).astype(str),
    "ints of years": np.array([1990, 2000, 2000, 1990]), "ints of text": np.array([0, 10, 2, 11]), "semi": np.array([-1, 0, 1, 1]), "three": np.array([-1, 2, 1, 1]), "two": np.array([-2, 1, 1, 1]),
    "hot": np.eye(4), "table": np.array([["a", "cat"]] * 4), "numbers": np.array([[7, 0], [8, 1], [9, 1], [10, 0]]), "short": np.array([0, 1, 2]), "half": np.array([0, .5, 1, 1]), "nan": np.array([0, np.nan, 1, 1]), "empty": np.array(["a", "", "b", "b"]),
    "control": np.array(["a", "b\n", "c", "d"]), "latin1": np.array([b"a", "é".encode("latin1"), b"b", b"b"]), "objects": np.array(["a", "b", "a", "b"], object), "scalar": np.array(3),
}
x = np.zeros((4, 2, 2), "f4")
np.save("x", x)
for name, y in arrays.items():
    np.save(name, y)
    np.savez(name, x=x, y=y)
`)
	text := strings.Fields("0 1 10 11 2 3 4 5 6 7 8 9")
	for _, c := range []struct {
		name    string
		wanted  []string
		want    string // classes, or the error
		classes string // that were made of texts
		note    string
	}{
		{"ints", nil, "0 1 1 2", "", ""},
		{"column", nil, "0 1 1 2", "", ""},
		{"row", nil, "0 1 1 2", "", ""},
		{"fortran", nil, "0 1 1 2", "", ""},
		{"bools", nil, "0 1 1 0", "", ""},
		{"signs", nil, "0 1 1 0", "", "label -1 is taken for class 0 of two"},
		{"signs f8", nil, "0 1 1 0", "", "label -1 is taken for class 0 of two"},
		{"minus", nil, "0 0 0 0", "", "label -1 is taken for class 0 of two"},
		{"signs", []string{"cat", "dog"}, "0 1 1 0", "", "label -1 is taken for class 0 of two"},
		{"signs", []string{"-1", "1"}, "0 1 1 0", "", "labels are names of classes, as these are numbers: -1 is class 0"},
		{"signs", []string{"cat", "dog", "eel"}, "sample 000000: label -1 is negative", "", ""},
		{"words", nil, "1 0 1 2", "benign malignant normal", `labels are names of 3 classes: 0 "benign", 1 "malignant", 2 "normal"`},
		{"big", nil, "1 0 1 2", "benign malignant normal", `labels are names of 3 classes: 0 "benign", 1 "malignant", 2 "normal"`},
		{"bytes", nil, "1 0 1 2", "benign malignant normal", `labels are names of 3 classes: 0 "benign", 1 "malignant", 2 "normal"`},
		{"words column", nil, "1 0 1 2", "benign malignant normal", `labels are names of 3 classes: 0 "benign", 1 "malignant", 2 "normal"`},
		{"words row", nil, "1 0 1 2", "benign malignant normal", `labels are names of 3 classes: 0 "benign", 1 "malignant", 2 "normal"`},
		{"words", []string{"normal", "malignant", "benign", "other"}, "1 2 1 0", "", ""},
		{"words", []string{"normal", "malignant"}, `sample 000001: label "benign" is none of the 2 classes, which are "normal", "malignant"`, "", ""},
		{"numerals", nil, "1 2 0 2", "1 10 9", `labels are names of 3 classes: 0 "1", 1 "10", 2 "9"`},
		{"numerals", text, "2 11 1 11", "", ""},
		{"accents", nil, "3 2 0 1", "Z a z é", `labels are names of 4 classes: 0 "Z", 1 "a", 2 "z", 3 "é"`},
		{"years", nil, "0 1 1 0", "1990 2000", `labels are names of 2 classes: 0 "1990", 1 "2000"`},
		{"years", []string{"2000", "1990"}, "1 0 0 1", "", ""},
		{"ints of years", []string{"1990", "2000"}, "0 1 1 0", "", "labels are names of classes, as these are numbers: 1990 is class 0"},
		{"ints of text", text, "0 2 4 3", "", "labels are names of classes, as these are numbers: 10 is class 2"},
		{"ints", []string{"cat", "dog", "eel"}, "0 1 1 2", "", ""},
		{"ints", []string{"cat", "dog"}, "sample 000003: label 2, but there are 2 classes, numbered from 0", "", ""},
		{"semi", nil, "sample 000001: label -1 means class 0 where labels are -1 and 1, but not beside label 0 (samples 000000 and 000001); number the classes from 0", "", ""},
		{"three", nil, "sample 000001: label -1 means class 0 where labels are -1 and 1, but not beside others (samples 000000 and 000001); number the classes from 0", "", ""},
		{"two", nil, "sample 000000: label -2 is negative", "", ""},
		{"hot", nil, "array of shape [4 4]; want one label for each of 4 samples, [N], [N,1] or [1,N]; of rows with a 1 for the class take argmax(axis=1)", "", ""},
		{"table", nil, "array of shape [4 2]; want one label for each of 4 samples, [N], [N,1] or [1,N]; take the column of the labels alone, such as y[:, 1], or usecols=1 in np.loadtxt", "", ""},
		{"numbers", nil, "array of shape [4 2]; want one label for each of 4 samples, [N], [N,1] or [1,N]; take the column of the labels alone, such as y[:, 1], or usecols=1 in np.loadtxt", "", ""},
		{"short", nil, "3 labels for 4 samples", "", ""},
		{"scalar", nil, "array of shape []; want one label for each of 4 samples, [N], [N,1] or [1,N]", "", ""},
		{"half", nil, "npy: element 1 is 0.5, not a whole number", "", ""},
		{"nan", nil, "npy: element 1 is NaN, not a whole number", "", ""},
		{"empty", nil, `class 0, "", is empty`, "", ""},
		{"control", nil, `class 1, "b\n", has a control character`, "", ""},
		{"latin1", nil, `class 2, "\xe9", is not UTF-8, or was not before U+FFFD took the place of it`, "", ""},
		{"objects", nil, `npy: dtype "|O" is Python objects, which are not read; convert the array with astype('<f4') or, to text, with astype(str)`, "", ""},
	} {
		for _, form := range []string{"npy", "npz"} {
			file := filepath.Join(dir, "x.npy")
			var notes []string
			o := Options{Axes: "HW", NeedLabels: true, Classes: c.wanted, Note: func(line string) { notes = append(notes, line) }}
			where := "reading " + file
			if form == "npy" {
				o.Labels = filepath.Join(dir, c.name+".npy")
			} else {
				file = filepath.Join(dir, c.name+".npz")
				where = "reading " + file
			}
			samples, d, err := read(file, nil, o)
			var got []int
			for _, s := range samples {
				got = append(got, s.Label)
			}
			table, errTable := Load(file, nil, o)
			if err != nil || errTable != nil {
				if fmt.Sprint(err) != fmt.Sprint(errTable) || !strings.HasSuffix(err.Error(), ": "+c.want) || !strings.HasPrefix(err.Error(), where) || len(notes) > 0 && !strings.Contains(c.want, "beside") {
					t.Errorf("%s.%s: %v, as a table %v, want %s", c.name, form, err, errTable, c.want)
				}
				continue
			}
			var want []string // once as a source and once as a table
			if c.note != "" {
				want = []string{where + ": " + c.note, where + ": " + c.note}
			}
			if fmt.Sprint(got) != "["+c.want+"]" || !slices.Equal(d.Classes, strings.Fields(c.classes)) || !slices.Equal(notes, want) {
				t.Errorf("%s.%s: %v of %q, noted %q, want %s of %s, %q", c.name, form, got, d.Classes, notes, c.want, c.classes, want)
			}
			for i, label := range got {
				if table.Label(i) != label {
					t.Errorf("%s.%s: label %d of the table is %d, want %d", c.name, form, i, table.Label(i), label)
				}
			}
			classes := c.wanted
			if classes == nil && d.Classes != nil {
				classes = d.Classes
			}
			if classes != nil && !slices.Equal(table.Classes(), classes) {
				t.Errorf("%s.%s: the classes of the table are %q, want %q", c.name, form, table.Classes(), classes)
			}
			table.Close()
		}
	}
	_, err := Load(filepath.Join(dir, "words.npz"), nil, Options{Numbers: true, Whose: "the model"})
	expect(t, "texts for numbers", err, "reading "+filepath.Join(dir, "words.npz")+": npz: member y.npy: labels are texts, but those of the model are numbers", nil)
}
