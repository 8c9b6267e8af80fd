package tool

import "testing"

func TestRowsName(t *testing.T) {
	for _, c := range []struct {
		name  string
		jsonl bool
		want  string
	}{
		{"x.csv", false, ""}, {"x", false, ""}, {"", false, ""}, {"-", true, ""}, {"x.JSONL", true, ""}, {"x.txt", false, ""},
		{"x.jsonl", false, "-o x.jsonl has the name of JSON, but is text; give --jsonl, or call it .csv"},
		{"x.csv", true, "-o x.csv has the name of text, but is JSON; leave out --jsonl, or call it .jsonl"},
		{"x.npy", false, "-o x.npy has the name of a .npy array, but is text; call it .csv"},
	} {
		got := ""
		if err := RowsName(Name{Flag: "-o", File: c.name}, c.jsonl); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.name, got, c.want)
		}
	}
}
