package nettest

import (
	"regexp"
	"strings"
)

var three = regexp.MustCompile(`[0-9]+x[0-9]+x[0-9]+`)

// OfAxes leaves of numbers for three axes in a network's text, such as 3x5x7, those of the last axes.
func OfAxes(text string, dimensions int) string {
	return three.ReplaceAllStringFunc(text, func(numbers string) string {
		return strings.Join(strings.Split(numbers, "x")[3-dimensions:], "x")
	})
}
