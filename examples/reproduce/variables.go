package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// variable returns a variable of make, which is in the environment, or what it is otherwise.
func variable(name, otherwise string) string {
	if text, ok := os.LookupEnv(name); ok {
		return text
	}
	return otherwise
}

// wrong says what is wrong with a variable and ends the program.
func wrong(format string, a ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", a...)
	os.Exit(1)
}

// count returns a variable that is a whole number from 1, or what it is otherwise.
func count(name string, otherwise int) int {
	text := variable(name, fmt.Sprint(otherwise))
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil || n == 0 && otherwise > 0 {
		wrong("%s='%s' must be a whole number from 1", name, text)
	}
	return int(n)
}

// seedsIn returns the whole numbers in the text of a variable, without zeros in front: the tools and the names of files agree
// on them.
func seedsIn(name, text string) (all []string) {
	for _, word := range strings.Fields(text) {
		if n, err := strconv.ParseUint(word, 10, 63); err == nil {
			all = append(all, fmt.Sprint(n))
		}
	}
	if len(all) == 0 || len(all) < len(strings.Fields(text)) {
		wrong("%s='%s' must be whole numbers, such as '11 12 13'", name, strings.TrimSpace(text))
	}
	return all
}
