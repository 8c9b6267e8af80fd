package stream

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns text from outside as it may go to a terminal. Characters that do not print, such as control characters,
// or that change how others print, such as direction marks, become Go escapes; so do all spaces but the plain one.
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

// Quote returns text from outside as it may stand in an error line: quoted, and cut after 40 bytes.
func Quote(text string) string {
	text, dots := clip(text, 40)
	return strconv.Quote(text) + dots
}

// clip cuts text to at most that many bytes, after a whole character. dots is "…" if anything was cut off, else "".
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

// List returns names as they may stand in an error line: quoted, and as many as there is room for.
func List(names []string) string {
	const room = 240 // bytes
	text := ""
	for i, name := range names {
		quoted := Quote(name)
		if len(text)+len(quoted) > room {
			return fmt.Sprintf("%s and %d more", text, len(names)-i)
		}
		if i > 0 {
			text += ", "
		}
		text += quoted
	}
	return text
}

// textFault says why s is not a line of text; "" if it is one. Spaces of all widths, joiners, soft hyphens and direction
// marks occur in the names that people give their files: they count as text, though not all of them print.
func textFault(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "has a control character"
	}
	return ""
}

// quoted returns the name of a member as it may stand in an error line: quoted, unless all of it prints.
func quoted(name string) string {
	dots := ""
	if len(name) > maxPath {
		name, dots = clip(name, 100)
	}
	if name != "" && Printable(name) == name {
		return name + dots
	}
	return strconv.Quote(name) + dots
}
