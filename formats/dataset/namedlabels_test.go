package dataset

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"backdrop/formats/stream"
)

func TestNamedLabels(t *testing.T) {
	samples := ramps(4, 2, 2)
	names := []string{"cat", "dog", "eel"}
	want := ramps(4, 2, 2)
	for i, s := range samples {
		s.HasLabel, s.LabelText = false, names[i%3]
		want[i].Label = i % 3
		s.Label = 0
	}
	samples[3].LabelText, samples[3].Label, samples[3].HasLabel = "", 2, true // names and numbers side by side
	want[3].Label = 2
	got, _, err := read("", bytes.NewReader(streamOf(t, stream.Zstd, stream.Metadata{Classes: names}, samples...)), Options{NeedLabels: true})
	if err == nil {
		err = same(got, want)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestNamedLabelsOfTheCaller: where the stream does not name its classes, the caller does.
func TestNamedLabelsOfTheCaller(t *testing.T) {
	samples := ramps(3, 2, 2)
	for i, name := range []string{"eel", "", "dog"} { // the one in the middle is the number 1
		if name != "" {
			samples[i].HasLabel, samples[i].LabelText = false, name
		}
	}
	o := Options{NeedLabels: true, Classes: []string{"cat", "dog", "eel"}, Whose: "the model"}
	check := func(what string, o Options, d stream.Metadata, want []int, classes []string) {
		t.Helper()
		content := streamOf(t, stream.Zstd, d, samples...)
		got, info, err := read("", bytes.NewReader(content), o)
		if err != nil || len(got) != 3 {
			t.Fatalf("%s: %d samples, %v", what, len(got), err)
		}
		table, err := Load("", bytes.NewReader(content), o)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer table.Close()
		for i, label := range want {
			if !got[i].HasLabel || got[i].Label != label || table.Label(i) != label {
				t.Errorf("%s: sample %d has label %d, in the table %d, want %d", what, i, got[i].Label, table.Label(i), label)
			}
		}
		if !slices.Equal(info.Classes, d.Classes) || !slices.Equal(table.Classes(), classes) {
			t.Errorf("%s: classes %q, of the table %q, want %q", what, info.Classes, table.Classes(), classes)
		}
	}
	check("without names", o, stream.Metadata{}, []int{2, 1, 1}, o.Classes)
	check("with names of its own", o, stream.Metadata{Classes: []string{"dog", "eel"}}, []int{2, 2, 1}, o.Classes)
	check("with its own order", o, stream.Metadata{Classes: []string{"dog", "cat", "eel"}}, []int{2, 0, 1}, o.Classes)
	refused := func(what string, d stream.Metadata, want string) {
		t.Helper()
		content := streamOf(t, stream.Zstd, d, samples...)
		_, _, err := read("", bytes.NewReader(content), o)
		expect(t, what, err, want, nil)
		if of := (*LabelError)(nil); !errors.As(err, &of) {
			t.Errorf("%s: %v is no LabelError", what, err)
		}
		without := o
		without.NeedLabels, without.NoLabels = false, true
		got, _, err := read("", bytes.NewReader(content), without)
		if err != nil || len(got) != 3 || slices.ContainsFunc(got, func(s *stream.Sample) bool { return s.HasLabel || s.LabelText != "" || s.Label != 0 }) {
			t.Errorf("%s: %d samples without labels, %v", what, len(got), err)
		}
		_, err = Load("", bytes.NewReader(streamOf(t, stream.Zstd, d, samples...)), o)
		expect(t, what+", table", err, want, nil)
	}
	refused("with other names", stream.Metadata{Classes: []string{"dog", "eel", "fox"}}, `reading stdin: the classes of the data are "dog", "eel", "fox", those of the model "cat", "dog", "eel"`)
	samples[1].Label = 4
	refused("number of no class", stream.Metadata{}, "reading stdin: sample 000001: label 4, but there are 3 classes, numbered from 0")
	samples[1].Label = 0
	samples[2].LabelText = "fox"
	refused("name of no class", stream.Metadata{}, `reading stdin: sample 000002: label "fox" is none of the 3 classes, which are "cat", "dog", "eel"`)
}
