package stream

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds the name of a class, in bytes.
const maxName = 200

// CheckClasses returns an error unless the names of classes are distinct, not empty, UTF-8 without control characters, and
// of at most 200 bytes.
func CheckClasses(classes []string) error {
	seen := make(map[string]int, len(classes))
	for i, name := range classes {
		if fault := nameFault(name); fault != "" {
			return fmt.Errorf("class %d, %s, %s", i, Quote(name), fault)
		}
		if first, ok := seen[name]; ok {
			return fmt.Errorf("classes %d and %d are both named %s", first, i, Quote(name))
		}
		seen[name] = i
	}
	return nil
}

// nameFault says what is wrong with the name of a class; "" if nothing is.
func nameFault(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return fmt.Sprintf("has %d bytes, the limit is %d", len(name), maxName)
	case strings.ContainsRune(name, utf8.RuneError): // bytes that are not UTF-8, and what a JSON decoder replaces them by
		return "is not UTF-8, or was not before U+FFFD took the place of it"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "has a control character"
	}
	return ""
}

// checkSame compares the classes of two data sets in one stream.
func checkSame(next, before []string) error {
	for i, name := range next[:min(len(next), len(before))] {
		if name != before[i] {
			return fmt.Errorf("class %d is %s, but %s in the stream before", i, Quote(name), Quote(before[i]))
		}
	}
	if len(next) != len(before) {
		return fmt.Errorf("there are %d classes, but %d in the stream before", len(next), len(before))
	}
	return nil
}
