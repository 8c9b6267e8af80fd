package stream

import (
	"bytes"
	"strings"
	"testing"

	"backdrop/internal/testkit/hostile"
)

// oddNames are ordinary names of files, although not all of their characters print.
var oddNames = []string{
	"Scan\u00a001",          // no-break space
	"写真\u30001",             // ideographic space
	"thin\u2009and\u202f",   // thin and narrow no-break space
	"می\u200cخواهم",         // zero-width non-joiner
	"👩\u200d🔬",              // zero-width joiner
	"Schiff\u00adfahrt",     // soft hyphen
	"\u200eשלום\u200f",      // marks of direction
	"\u202eabc\u202c",       // override of direction
	"\ufeffbom", "a\u2028b", // byte order mark, line separator
	"e\u0301", "\ue000", "�", // combining accent, private use, what stands for another character
	" spaces  in it ", `back\slash`, `"quotes"`, "-dash", "#", "%41", "~",
}

// Names of members and labels may be any text; they come back as they are.
func TestOddNames(t *testing.T) {
	picture := string(hostile.PNG(1, 1, 8, 0, "\x00\xff"))
	for _, name := range oddNames {
		label := strings.Trim(name, " \ufeff")
		entries := []hostile.Entry{
			hostile.PAX("path", "cat/"+name+".png"), {Name: "1.png", Data: picture},
			hostile.PAX("path", "cat/"+name+".cls"), {Name: "1.cls", Data: label + "\r\n"},
		}
		_, samples, err := readSamples(bytes.NewReader(hostile.Archive(entries...)), Limits{})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		sameSamples(t, samples, []*Sample{{Key: "cat/" + name, Shape: []int{1, 1}, Axes: "HW", X: []float32{1}, LabelText: label}})
		if err := CheckClasses([]string{name}); err != nil && name != "�" {
			t.Errorf("class %q: %v", name, err)
		}
	}
}

func TestRefusedNames(t *testing.T) {
	for name, want := range map[string]string{
		"a\nb":    `member "a\nb.cls": name has a control character; rename the file`,
		"a\tb":    `member "a\tb.cls": name has a control character; rename the file`,
		"\x1b[2J": `member "\x1b[2J.cls": name has a control character; rename the file`,
		"a\u0085": `member "a\u0085.cls": name has a control character; rename the file`,
		"a\xe9":   `member "a\xe9.cls": name is not UTF-8; rename the file`,
	} {
		_, err := readFiles(bytes.NewReader(hostile.Archive(hostile.Entry{Name: name + ".cls", Data: "1"})), Limits{})
		if err == nil || err.Error() != "stream: "+want {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain text 1 × 2 …": "plain text 1 × 2 …", "żółw 写真": "żółw 写真", "e\u0301": "e\u0301", `"q" \`: `"q" \`,
		"a\u00a0b": `a\u00a0b`, "\u3000": `\u3000`, "\u200d": `\u200d`, "\u202eabc": `\u202eabc`, "a\u2028b": `a\u2028b`,
		"\x1b[2J": `\x1b[2J`, "a\nb": `a\nb`, "\x7f\x00": `\x7f\x00`, "a\xe9": `a\xe9`, "\U000e0001": `\U000e0001`, "\ufffd": "\ufffd",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Labels are numbers even with what an editor leaves around them.
func TestNumbersAsLabels(t *testing.T) {
	picture := string(hostile.PNG(1, 1, 8, 0, "\x00\xff"))
	for _, text := range []string{"7", "7\n", " 7\r\n", "\ufeff7\r\n", "7\u00a0", "\u30007", "+7", "007"} {
		data := hostile.Archive(hostile.Entry{Name: "0.png", Data: picture}, hostile.Entry{Name: "0.cls", Data: text})
		_, samples, err := readSamples(bytes.NewReader(data), Limits{})
		if err != nil || len(samples) != 1 {
			t.Fatalf("%q: %v, %v", text, samples, err)
		}
		if class, _, err := NewClassNames(nil).Find(samples[0].LabelText); err != nil || class != 7 {
			t.Errorf("%q: class %d, %v", text, class, err)
		}
	}
}
