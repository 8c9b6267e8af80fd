package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/net"
)

// SampleShape is what a network calls the shape of a sample as package dataset hands it on: channels and one to three axes.
func SampleShape(shape []int) net.Shape {
	s := net.Shape{C: shape[0]}
	axes := [3]*int{&s.D, &s.H, &s.W}
	for i, n := range shape[1:] {
		*axes[4-len(shape)+i] = n
	}
	return s
}

// AxesHint ends an error about samples of another shape than a network takes, which may be the zero Shape if it is unknown:
// how to say what the axes are, if that seems to be the reason, or else that there are more or fewer of them.
func AxesHint(got, want net.Shape) string {
	var wanted []int
	if want != (net.Shape{}) {
		wanted = want.Axes()
	}
	if hint := dataset.AxesHint(got.Axes(), wanted); hint != "" {
		return hint + "; --axes says so"
	}
	kinds := [4]string{1: "sequences", 2: "images", 3: "volumes"}
	if got, want := got.Dimensions(), want.Dimensions(); wanted != nil && got != want {
		return fmt.Sprintf(" (%s, not %s)", kinds[got], kinds[want])
	}
	return ""
}

// ParseShape reads the value of --shape: the sizes of a sample, separated by commas. Without a layout they are W, H,W, D,H,W or
// C,D,H,W.
func ParseShape(text string, layout dataset.Layout) (net.Shape, error) {
	s := net.Shape{C: 1}
	sizes := strings.Split(text, ",")
	switch n := len(sizes); {
	case layout != "" && n != len(layout):
		return s, fmt.Errorf("--shape %s has %d sizes, not one for each of the axes %s", text, n, layout)
	case layout == "" && n > 4:
		return s, fmt.Errorf("--shape %s has %d sizes; want W, H,W, D,H,W or C,D,H,W", text, n)
	case layout == "":
		layout = dataset.Layout("CDHW"[4-n:])
	}
	axes := map[rune]*int{'C': &s.C, 'D': &s.D, 'H': &s.H, 'W': &s.W}
	for i, axis := range layout {
		n, err := strconv.Atoi(strings.TrimSpace(sizes[i]))
		if err != nil {
			return s, fmt.Errorf("--shape: %q is not a whole number", sizes[i])
		}
		if n < 1 {
			return s, fmt.Errorf("--shape: size must be positive, got %d", n)
		}
		*axes[axis] = n
	}
	return s, nil
}

// OneReading returns an error if neither a layout nor what the data say of their axes tells how samples of a shape, channels
// first, that a network takes are to be read, and they would suit it as well with channels last. data is where they come from.
func OneReading(data string, layout dataset.Layout, said string, shape []int) error {
	if layout != "" || said != "" || shape[0] == 1 || slices.Min(shape) != slices.Max(shape) {
		return nil
	}
	s := SampleShape(shape)
	names := [4][2]string{1: {"NCT", "NTC"}, 2: {"NCHW", "NHWC"}, 3: {"NCDHW", "NDHWC"}}[s.Dimensions()]
	return fmt.Errorf("reading %s: the network takes samples of %v with channels first (axes %s) as well as last (%s); say which with --axes", tool.InputName(data), s, names[0], names[1])
}
