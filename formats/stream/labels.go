package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"backdrop/formats/sniff"
)

// labels are what the members of a sample say about its label, as the writers of WebDataset shards leave them.
type labels struct {
	found []found
	why   string // a member that could have a label has none: what is there instead; "" if there is no such member
	json  string // a value in .json that should be a label is none: what it is; "" if there is no such value
	bad   string // .json is malformed, or no object: a sentence; "" if it is neither
}

// found is a label in a member.
type found struct{ in, text string }

// ranks are the members that may hold a label, and in JSON the keys, the first before the others.
var ranks = []string{"cls", "json label", "json cls", "txt"}

// cls reads a member that is nothing but a label.
func (l *labels) cls(m *MemberReader) error {
	if m.size > maxLabel {
		return fmt.Errorf("%d bytes, the limit is %d", m.size, maxLabel)
	}
	data, err := m.data()
	if err != nil {
		return err
	}
	text := trimLabel(string(data))
	switch {
	case text == "":
		return errors.New("empty label")
	case textFault(text) != "":
		return fmt.Errorf("label is neither a number nor one line of text: %s", Quote(text))
	case len(text) > maxName:
		return fmt.Errorf("label %s has %d bytes, the limit is %d", Quote(text), len(text), maxName)
	}
	l.found = append(l.found, found{"cls", text})
	return nil
}

// trimLabel returns a label without what is around it. Editors write a byte order mark; other spaces may be part of a name.
func trimLabel(text string) string { return strings.Trim(text, "\ufeff \t\r\n") }

// txt reads a member that is a label if it is a word, or the name of a class; anything else is a caption.
func (l *labels) txt(m *MemberReader, classes []string) error {
	if m.size > maxLabel {
		l.why = fmt.Sprintf(".txt has %d bytes", m.size)
		return nil
	}
	data, err := m.data()
	if err != nil {
		return err
	}
	text := trimLabel(string(data))
	switch {
	case text == "":
		l.why = ".txt is empty"
	case textFault(text) != "":
		l.why = ".txt is not one line of text"
	case len(text) > maxName || len(strings.Fields(text)) > 1 && !slices.Contains(classes, text):
		l.why = ".txt is more than a word"
	default:
		l.found = append(l.found, found{"txt", text})
	}
	return nil
}

// parse finds labels in a member that is an object: the values of "label" and of "cls", if these are whole numbers or a line of text.
// A list is passed over, as it is no label but may be about the sample.
func (l *labels) parse(name string, data []byte) {
	var keys struct{ Label, Cls jsonLabel }
	err := json.Unmarshal(data, &keys)
	var syntax *json.SyntaxError
	kind, _ := sniff.Of(data[:min(len(data), 512)])
	text := bytes.TrimLeft(data, " \t\r\n")
	switch malformed := errors.As(err, &syntax); {
	case len(text) == 0:
		l.bad = quoted(name) + " is no JSON: it is empty"
	case malformed && (kind == sniff.UTF16 || kind.Name != "" && !kind.Text):
		l.bad = fmt.Sprintf("%s is no JSON in UTF-8, but %s", quoted(name), kind.Name)
	case malformed && endsEarly(syntax):
		l.bad = fmt.Sprintf("%s is no JSON: it ends too early, after %d bytes", quoted(name), len(data))
	case malformed:
		l.bad = fmt.Sprintf("%s is no JSON: %v", quoted(name), syntaxPlace(data, syntax))
	case text[0] == '{':
		l.key("label", keys.Label)
		l.key("cls", keys.Cls)
	case text[0] != '[':
		value, dots := clip(string(bytes.TrimSpace(text)), 40)
		l.bad = fmt.Sprintf("%s is %s%s; a label in JSON is \"label\" in an object, such as {\"label\": \"cat\"}", quoted(name), value, dots)
	}
}

// key takes over what a key has.
func (l *labels) key(name string, v jsonLabel) {
	if v.other != "" {
		l.json = fmt.Sprintf("%q in .json is %s", name, v.other)
	}
	for _, text := range v.texts {
		l.found = append(l.found, found{"json " + name, text})
	}
}

// jsonLabel is the value of a key that may be a label.
type jsonLabel struct {
	times int      // that the key is there
	texts []string // its first values, at most two, as they would stand in .cls
	other string   // what is there instead of a label
}

// UnmarshalJSON implements json.Unmarshaler. It never fails.
func (v *jsonLabel) UnmarshalJSON(data []byte) error {
	if v.times++; v.times > 2 {
		return nil
	}
	text := ""
	switch data[0] {
	case '"':
		if len(data) <= maxLabel {
			json.Unmarshal(data, &text)
		}
		if text = trimLabel(text); text == "" || textFault(text) != "" || len(text) > maxName {
			v.other = "no line of text of at most " + strconv.Itoa(maxName) + " bytes"
			return nil
		}
	case '[':
		v.other = "a list"
	case '{':
		v.other = "an object"
	case 't', 'f', 'n':
		v.other = string(data)
	default:
		data = data[:min(len(data), 41)] // no whole number that is meant has as many
		number, err := strconv.ParseFloat(string(data), 64)
		if err != nil || len(data) > 40 || number != math.Trunc(number) || math.Abs(number) > 1<<53 {
			v.other, _ = clip(string(data), 40)
			return nil
		}
		text = strconv.FormatInt(int64(number), 10)
	}
	if text != "" {
		v.texts = append(v.texts, text)
	}
	return nil
}

// choose sets the label of a sample: that in .cls if there is one, else in .json, else in .txt. All have to mean the same.
func (l *labels) choose(s *Sample, classes []string) error {
	if len(l.found) == 0 {
		return nil
	}
	slices.SortStableFunc(l.found, func(a, b found) int { return slices.Index(ranks, a.in) - slices.Index(ranks, b.in) })
	first := l.found[0]
	for _, other := range l.found[1:] {
		if !alike(first.text, other.text, classes) && (other.in != "txt" || isLabel(other.text, classes)) {
			return fmt.Errorf("has two labels: %s in %s, and %s in %s; correct it, or leave out one of them", Quote(first.text), first.where(), Quote(other.text), other.where())
		}
	}
	s.LabelText = first.text
	s.LabelIn, _, _ = strings.Cut(first.in, " ")
	return nil
}

// where says in which member a label was found.
func (f found) where() string {
	if member, key, ok := strings.Cut(f.in, " "); ok {
		return fmt.Sprintf(".%s (%q)", member, key)
	}
	return "." + f.in
}

// alike reports whether two labels may mean the same class: the same text, the same number, or a name and a number that are not
// known to be of different classes.
func alike(a, b string, classes []string) bool {
	if a == b {
		return true
	}
	v, isNumber := number(a)
	w, alsoNumber := number(b)
	if isNumber && alsoNumber && v == w {
		return true
	}
	if len(classes) == 0 {
		return isNumber != alsoNumber
	}
	names := NewClassNames(classes)
	i, _, err := names.Find(a)
	j, _, other := names.Find(b)
	return err == nil && other == nil && i == j
}

// isLabel reports whether text beside a label is another one, and no caption of one word: it is a number or the name of a class.
func isLabel(text string, classes []string) bool {
	_, ok := number(text)
	return ok || len(classes) == 0 || slices.Contains(classes, text)
}
