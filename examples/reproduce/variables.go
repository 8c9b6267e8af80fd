package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// signs are characters that make or the shell would not take as they are.
const signs = " \t\n$#%:;|=&<>()[]{}*?!'\"`\\"

// variable returns a variable of make from the environment, or the default.
func variable(name, fallback string) string {
	if text, ok := os.LookupEnv(name); ok {
		return text
	}
	return fallback
}

// wrong ends the program because a variable is wrong.
func wrong(format string, a ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", a...)
	os.Exit(1)
}

// count returns a variable that is a whole number from 1, or the default.
func count(name string, fallback int) int {
	text := variable(name, fmt.Sprint(fallback))
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil || n == 0 && fallback > 0 {
		wrong("%s='%s' must be a whole number from 1", name, text)
	}
	return int(n)
}

// seedsIn returns the whole numbers in the text of a variable. They lose leading zeros, so that the names of files agree with
// what the tools read.
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
