package dataset

import (
	"bytes"
	"strings"
	"testing"

	"backdrop/internal/testkit/hostile"
)

// Where no labels are needed, a word in .txt or a value in .json that is no class is none: nobody said that it is a label. In
// .cls it is an error.
func TestWordsThatAreNoLabels(t *testing.T) {
	x := hostile.NPY("'<f4'", "(1, 1)", "\x00\x00\x80\x3f")
	const unknown = `is a name, and no member __meta__/dataset.json before it names the classes`
	for _, c := range []struct {
		ending, data string
		classes      []string
		label        int // -1: none
		needed, free string
	}{
		{"txt", "sunset", nil, -1, unknown, ""},
		{"txt", "sunset", []string{"cat", "dog"}, -1, `label "sunset" is none of the 2 classes`, ""},
		{"txt", "dog", []string{"cat", "dog"}, 1, "", ""},
		{"json", `{"label": "sunset"}`, nil, -1, unknown, ""},
		{"json", `{"label": "dog"}`, []string{"cat", "dog"}, 1, "", ""},
		{"json", `{"label": 1}`, nil, 1, "", ""},
		{"cls", "sunset", nil, -1, unknown, unknown},
		{"txt", "a sunset", nil, -1, "sample 0 has no label, only .txt .x.npy, and .txt is more than a word", ""},
	} {
		data := hostile.Archive(hostile.Entry{Name: "0." + c.ending, Data: c.data}, hostile.Entry{Name: "0.x.npy", Data: x})
		for need, want := range map[bool]string{true: c.needed, false: c.free} {
			samples, _, err := read("", bytes.NewReader(data), Options{NeedLabels: need, Classes: c.classes, Whose: "the model"})
			switch {
			case want != "":
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf(".%s %q, labels needed %v: %v, want %s", c.ending, c.data, need, err, want)
				}
			case err != nil || len(samples) != 1 || samples[0].HasLabel != (c.label >= 0) || samples[0].HasLabel && samples[0].Label != c.label:
				t.Errorf(".%s %q, labels needed %v: %v, %v; want label %d", c.ending, c.data, need, samples, err, c.label)
			}
		}
	}
}
