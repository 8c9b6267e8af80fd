package hostile

import (
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Allocated returns the number of bytes that f allocates, freed or not.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// longestLine bounds an error, in bytes: a name that is quoted, a shape of 64 sizes, and some words.
const longestLine = 2000

// OneLine fails the test unless an error is one line of readable text.
func OneLine(t testing.TB, err error) {
	t.Helper()
	text := err.Error()
	if text == "" || len(text) > longestLine || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		t.Fatalf("error of %d bytes that is not one line of text: %.3000q", len(text), text)
	}
}

// Cheap runs f, and fails the test if f allocates more than most bytes.
func Cheap(t testing.TB, most int64, f func()) {
	t.Helper()
	if cost := Allocated(f); cost > uint64(most) {
		t.Fatalf("%d bytes were allocated, the bound is %d", cost, most)
	}
}
