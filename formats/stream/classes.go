package stream

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds the name of a class, in bytes.
const maxName = 200

// CheckClasses says what is wrong with the names of classes, if anything: they are distinct, not empty, UTF-8 without
// control characters, and of at most 200 bytes.
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

func nameFault(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return fmt.Sprintf("has %d bytes, the limit is %d", len(name), maxName)
	case strings.ContainsRune(name, utf8.RuneError): // what is not UTF-8, and what a JSON decoder makes of it
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

// Printable makes text from outside fit for a terminal. What does not print there, such as control characters, or changes
// how the rest does, such as marks of direction, becomes an escape of Go; so does a space that is not the plain one.
func Printable(text string) string {
	var b strings.Builder
	for i, r := range text {
		if strconv.IsPrint(r) && r != utf8.RuneError {
			b.WriteRune(r)
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		escape := strconv.Quote(text[i : i+size])
		b.WriteString(escape[1 : len(escape)-1])
	}
	return b.String()
}

// Quote makes text from outside fit for an error line: quoted, and no more than its first 40 bytes.
func Quote(text string) string {
	text, dots := clip(text, 40)
	return strconv.Quote(text) + dots
}

// clip cuts text behind a whole rune after so many bytes at most, and says by dots whether it did.
func clip(text string, most int) (cut, dots string) {
	if len(text) <= most {
		return text, ""
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], "…"
}
