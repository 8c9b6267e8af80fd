package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// variables are those of make, which are in the environment. What is wrong with the first bad one is in err.
type variables struct{ err error }

func (v *variables) fail(format string, a ...any) {
	if v.err == nil {
		v.err = fmt.Errorf(format, a...)
	}
}

// text returns a variable, or what it is otherwise.
func (v *variables) text(name, otherwise string) string {
	if text, ok := os.LookupEnv(name); ok {
		return text
	}
	return otherwise
}

// count returns a variable that is a whole number from 1.
func (v *variables) count(name string, otherwise int) int {
	text, ok := os.LookupEnv(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil || n == 0 {
		v.fail("%s='%s' must be a whole number from 1", name, text)
	}
	return max(1, int(n))
}

// seeds returns the whole numbers in the text of a variable, each once and without zeros in front: the tools and the names
// of files agree on them.
func (v *variables) seeds(name, text string) []string {
	var all []string
	for _, word := range strings.Fields(text) {
		n, err := strconv.ParseUint(word, 10, 63)
		if err != nil {
			all = nil
			break
		}
		all = append(all, fmt.Sprint(n))
	}
	if all == nil {
		v.fail("%s='%s' must be whole numbers, such as '11 12 13'", name, strings.TrimSpace(text))
	}
	return unique(all)
}

// arms returns the arms in a variable, each once.
func (v *variables) arms(name, otherwise string, s study) []arm {
	var all []arm
	for _, word := range unique(strings.Fields(v.text(name, otherwise))) {
		a, ok := s.arm(word)
		if !ok {
			v.fail("%s: %s is not an arm, such as %s", name, word, s.arms)
		}
		all = append(all, a)
	}
	if all == nil {
		v.fail("%s is empty, name arms such as %s", name, otherwise)
	}
	return all
}

// unique returns the words without those that were there before.
func unique(words []string) []string {
	var all []string
	for _, word := range words {
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}
