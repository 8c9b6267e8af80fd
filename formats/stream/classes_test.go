package stream

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

func TestCheckClasses(t *testing.T) {
	long := strings.Repeat("é", 100)
	for _, c := range []struct {
		classes []string
		want    string
	}{
		{nil, ""},
		{[]string{"9.5-80", "spiral galaxy", "銀河", "\"", " ", long}, ""},
		{[]string{"a", ""}, `class 1, "", is empty`},
		{[]string{"a", "b", "a"}, `classes 0 and 2 are both named "a"`},
		{[]string{"a\xc3"}, `class 0, "a\xc3", is not UTF-8, or was not before U+FFFD took the place of it`},
		{[]string{"a\ufffd"}, `class 0, "a�", is not UTF-8, or was not before U+FFFD took the place of it`},
		{[]string{"a\x1b[2J"}, `class 0, "a\x1b[2J", has a control character`},
		{[]string{"a\u0085"}, `class 0, "a\u0085", has a control character`},
		{[]string{"\x7f"}, `class 0, "\x7f", has a control character`},
		{[]string{long + "x"}, `class 0, "` + long[:40] + `"…, has 201 bytes, the limit is 200`},
	} {
		got := ""
		if err := CheckClasses(c.classes); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.classes, got, c.want)
		}
	}
}

func TestQuote(t *testing.T) {
	forty := strings.Repeat("x", 40)
	for text, want := range map[string]string{
		"": `""`, "a\nb": `"a\nb"`, forty: `"` + forty + `"`, forty + "x": `"` + forty + `"…`,
		forty[:38] + "銀河":          `"` + forty[:38] + `"…`,
		strings.Repeat("\x80", 50): `"` + strings.Repeat(`\x80`, 36) + `"…`,
	} {
		if got := Quote(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// What a reader would refuse is not written, and the stream remains cut.
func TestRefusedDatasets(t *testing.T) {
	for want, d := range map[string]Metadata{
		`stream: member __meta__/dataset.json: class 0, "", is empty`:               {Classes: []string{""}},
		"stream: member __meta__/dataset.json: extra is not JSON":                   {Extra: json.RawMessage("{")},
		"stream: member __meta__/dataset.json: 1048599 bytes, the limit is 1048576": {Tool: strings.Repeat("x", 1<<20+6)},
	} {
		var b bytes.Buffer
		w, err := NewWriter(&b, Zstd)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteMetadata(d); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if w.Close() == nil {
			t.Errorf("%s: Close succeeds", want)
		}
		if _, _, err := readSamples(&b, Limits{}); err == nil || err == io.EOF {
			t.Errorf("%s: the rest reads with %v", want, err)
		}
	}
}
