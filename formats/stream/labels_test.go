package stream

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/hostile"
)

// sampleOf packs a sample with these members, each an ending and its data, behind metadata that name classes if there are any.
func sampleOf(classes []string, members ...string) []byte {
	var entries []hostile.Entry
	if classes != nil {
		entries = append(entries, hostile.Entry{Name: datasetName, Data: fmt.Sprintf(`{"classes": ["%s"]}`, strings.Join(classes, `", "`))})
	}
	for i := 0; i < len(members); i += 2 {
		entries = append(entries, hostile.Entry{Name: "a." + members[i], Data: members[i+1]})
	}
	return hostile.Archive(append(entries, hostile.Entry{Name: "a.npy", Data: npyHeader(npy.Uint8, 1) + "\x01"})...)
}

// Labels as the writers of WebDataset shards leave them, and what is none.
func TestLabels(t *testing.T) {
	pets := []string{"cat", "golden retriever", "7"}
	for _, c := range []struct {
		classes  []string
		members  []string
		want, in string
	}{
		{nil, []string{"cls", "3\n"}, "3", "cls"},
		{nil, []string{"json", `{"label": 3}`}, "3", "json"},
		{nil, []string{"json", `{"label": 3.0, "caption": "a dog"}`}, "3", "json"},
		{nil, []string{"json", `{"label": -1}`}, "-1", "json"},
		{nil, []string{"json", `{"label": "3"}`}, "3", "json"},
		{nil, []string{"json", `{"cls": "golden retriever"}`}, "golden retriever", "json"},
		{nil, []string{"json", `{"cls": 5, "label": "dog", "other": [1, {"label": 9}]}`}, "dog", "json"},
		{nil, []string{"txt", "dog\r\n"}, "dog", "txt"},
		{nil, []string{"txt", "\ufeff12\n\n"}, "12", "txt"},
		{pets, []string{"txt", "golden retriever\n"}, "golden retriever", "txt"},
		{pets, []string{"txt", "sunset\n"}, "sunset", "txt"}, // said to be no class by ClassNames

		// Two that agree.
		{nil, []string{"cls", "3", "json", `{"label": 3, "cls": 3}`, "txt", "03"}, "3", "cls"},
		{nil, []string{"txt", "dog", "json", `{"label": "dog"}`}, "dog", "json"},
		{pets, []string{"cls", "0", "json", `{"label": "cat", "cls": 0}`, "txt", "cat"}, "0", "cls"},
		{pets, []string{"txt", "cat", "cls", "cat"}, "cat", "cls"},
		{nil, []string{"cls", "3", "json", `{"label": "dog"}`}, "3", "cls"}, // nothing says which class has that name

		// What is not a label beside one.
		{nil, []string{"cls", "3", "txt", "a dog on a lawn"}, "3", "cls"},
		{pets, []string{"cls", "0", "txt", "sunset"}, "0", "cls"},
		{nil, []string{"cls", "3", "json", `{"label": [0, 1], "cls": null}`}, "3", "cls"},
		{nil, []string{"cls", "3", "json", `{"label": 0.5}`}, "3", "cls"},
		{nil, []string{"cls", "3", "json", `["label", 2]`}, "3", "cls"},
		{nil, []string{"cls", "3", "json", `{"label": `}, "3", "cls"},

		// No label at all.
		{nil, []string{"json", `{"labels": 3}`}, "", ""},
		{nil, []string{"json", ``}, "", ""},
		{nil, []string{"json", `{"label": {"x": 3}}`}, "", ""},
		{nil, []string{"txt", "a dog on a lawn"}, "", ""},
		{nil, []string{"txt", "dog\ncat\n"}, "", ""},
		{nil, []string{"txt", ""}, "", ""},
		{nil, []string{"txt", "\xff\xfe1\x00"}, "", ""},
		{nil, []string{"txt", strings.Repeat("x", 201)}, "", ""},
		{nil, []string{"txt", strings.Repeat("words ", 100000)}, "", ""},
	} {
		_, samples, err := readSamples(bytes.NewReader(sampleOf(c.classes, c.members...)), Limits{})
		if err != nil || len(samples) != 1 || samples[0].LabelText != c.want || samples[0].LabelIn != c.in {
			t.Errorf("%.80q: %v, %v; want %q in .%s", c.members, samples, err, c.want, c.in)
		}
	}
}

// Two labels that do not agree are an error that names both, in whatever order their members come.
func TestTwoLabels(t *testing.T) {
	pets := []string{"cat", "dog"}
	for _, c := range []struct {
		classes []string
		members []string
		want    string
	}{
		{nil, []string{"cls", "1", "json", `{"label": 2}`}, `"1" in .cls, and "2" in .json ("label")`},
		{nil, []string{"cls", "1", "json", `{"cls": 1e1}`}, `"1" in .cls, and "10" in .json ("cls")`},
		{nil, []string{"cls", "1", "txt", "2"}, `"1" in .cls, and "2" in .txt`},
		{nil, []string{"cls", "cat", "txt", "dog"}, `"cat" in .cls, and "dog" in .txt`},
		{nil, []string{"json", `{"label": "cat"}`, "txt", "dog"}, `"cat" in .json ("label"), and "dog" in .txt`},
		{nil, []string{"json", `{"label": 1, "cls": 2}`}, `"1" in .json ("label"), and "2" in .json ("cls")`},
		{nil, []string{"json", `{"label": 1, "label": 2}`}, `"1" in .json ("label"), and "2" in .json ("label")`},
		{pets, []string{"cls", "0", "json", `{"label": "dog"}`}, `"0" in .cls, and "dog" in .json ("label")`},
		{pets, []string{"cls", "0", "json", `{"label": "fox"}`}, `"0" in .cls, and "fox" in .json ("label")`},
		{pets, []string{"cls", "dog", "txt", "cat"}, `"dog" in .cls, and "cat" in .txt`},
		{pets, []string{"cls", "dog", "txt", "0"}, `"dog" in .cls, and "0" in .txt`},
	} {
		turned := []string{}
		for i := len(c.members) - 2; i >= 0; i -= 2 {
			turned = append(turned, c.members[i], c.members[i+1])
		}
		for _, members := range [][]string{c.members, turned} {
			_, _, err := readSamples(bytes.NewReader(sampleOf(c.classes, members...)), Limits{})
			if want := "stream: sample a has two labels: " + c.want + "; correct it, or leave out one of them"; err == nil || err.Error() != want {
				t.Errorf("%q: %v, want %s", members, err, want)
			}
		}
	}
}

// The error about a sample without a label says what stands where one could be.
func TestNoLabel(t *testing.T) {
	const what = "; a label is a member .cls of that name with a number or a name"
	for _, c := range []struct {
		members []string
		want    string
	}{
		{[]string{"txt", "a dog on a lawn"}, "only .txt .npy, and .txt is more than a word" + what},
		{[]string{"txt", "a\nb"}, "only .txt .npy, and .txt is not one line of text" + what},
		{[]string{"txt", strings.Repeat("word ", 1000)}, "only .txt .npy, and .txt has 5000 bytes" + what},
		{[]string{"txt", "\n"}, "only .txt .npy, and .txt is empty" + what},
		{[]string{"json", `{"label": [1, 2]}`}, `only .json .npy, and "label" in .json is a list` + what},
		{[]string{"json", `{"cls": {}}`}, `and "cls" in .json is an object`},
		{[]string{"json", `{"label": true}`}, `and "label" in .json is true`},
		{[]string{"json", `{"label": 0.5}`}, `and "label" in .json is 0.5`},
		{[]string{"json", `{"label": 1e400}`}, `and "label" in .json is 1e400`},
		{[]string{"json", `{"label": "two\nlines"}`}, `and "label" in .json is no line of text of at most 200 bytes`},
		{[]string{"json", `{"caption": "a dog"}`}, "only .json .npy; a label is a member .cls of that name; members of a sample stand together"},
	} {
		r, err := NewReader(bytes.NewReader(sampleOf(nil, c.members...)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.NoLabel(s.Key); !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80q: %v, want %s", c.members, err, c.want)
		}
		if _, err := r.Next(); err != io.EOF {
			t.Error(err)
		}
	}
}

// JSON takes no more memory for a label than it has bytes, whatever is in it.
func TestMemoryOfLabels(t *testing.T) {
	const size = maxText - 100
	for name, text := range map[string]string{
		"keys":    `{` + strings.Repeat(`"x":0,`, size/6) + `"label":1}`,
		"escapes": `{` + strings.Repeat(`"\n":0,`, size/7) + `"label":1}`,
		"labels":  `{` + strings.Repeat(`"label":1,`, size/10) + `"label":1}`,
		"texts":   `{` + strings.Repeat(`"label":"a",`, size/12) + `"label":"a"}`,
		"a text":  `{"label":"` + strings.Repeat("a", size) + `"}`,
		"a list":  `{"label":[` + strings.Repeat("[],", size/3) + `0]}`,
		"depth":   `{"label":` + strings.Repeat("[", size),
		"number":  `{"label":` + strings.Repeat("1", size) + `}`,
	} {
		var l labels
		cost := hostile.Allocated(func() { l.parse("a.json", []byte(text)) })
		if t.Logf("%s: %d bytes cost %.2f times as much, %v", name, len(text), float64(cost)/float64(len(text)), l); cost > uint64(4*len(text)) {
			t.Errorf("%s: %d bytes cost %d", name, len(text), cost)
		}
	}
}
