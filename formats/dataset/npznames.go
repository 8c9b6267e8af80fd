package dataset

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// The names of arrays of samples and of labels, without the word for a part of a data set and without what is between words.
var (
	sampleNames = strings.Fields("x xs image images img imgs data sample samples input inputs feature features picture pictures volume volumes signal signals sequence sequences")
	labelNames  = strings.Fields("y ys label labels target targets class classes cls category categories")
)

// partNames are the words for parts of a data set.
var partNames = strings.Fields("training train testing test validation valid val dev")

// What an array holds, by its name.
type arrayRole uint8

const (
	unknownRole arrayRole = iota
	sampleRole
	labelRole
)

// roleOf says what an array holds by its name, and the word for a part of a data set in it, if there is one.
func roleOf(name string) (role arrayRole, part string) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 1 { // xtrain, trainX
		for _, part := range partNames {
			for _, rest := range []string{strings.TrimPrefix(words[0], part), strings.TrimSuffix(words[0], part)} {
				if rest == words[0] {
					continue
				}
				if role, _ := roleOf(rest); role != unknownRole {
					return role, part
				}
			}
		}
	}
	var rest strings.Builder
	for _, word := range words {
		if slices.Contains(partNames, word) {
			part = word
			continue
		}
		rest.WriteString(word)
	}
	switch {
	case slices.Contains(sampleNames, rest.String()):
		return sampleRole, part
	case slices.Contains(labelNames, rest.String()):
		return labelRole, part
	}
	return unknownRole, part
}

// arrayName is the name of an array as it may stand in a line.
func arrayName(name string) string {
	const most = 100
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "…"
	}
	return stream.Printable(name)
}

// choice finds the arrays of samples and of labels in an archive.
type choice struct {
	archive *npy.Archive
	names   []string
	shapes  map[string][]int
}

// chooseArrays returns the names of the arrays of samples and of labels: those of the options, else x and y, else those whose names
// say what they hold, else those of the only shapes that suit. y is "" if there are no labels or they are in a file.
func chooseArrays(archive *npy.Archive, o Options) (x, y string, err error) {
	c := choice{archive, archive.Names(), map[string][]int{}}
	if other := archive.Other(); len(c.names) == 0 && other != "" {
		return "", "", fmt.Errorf("this zip archive has no arrays, but files such as %s; unpack it and name the folder", arrayName(other))
	}
	x, y = strings.TrimSuffix(o.X, ".npy"), strings.TrimSuffix(o.Y, ".npy")
	for _, name := range []string{x, y} {
		if name != "" && !slices.Contains(c.names, name) {
			return "", "", fmt.Errorf("npz: there is no array %s, only %s", stream.Quote(name), stream.List(c.names))
		}
	}
	given := x != "" && (y != "" || o.Labels != "")
	if x == "" {
		if x, err = c.samples(y); err != nil {
			return "", "", err
		}
	}
	wanted := o.Labels == "" || slices.Contains(c.names, "y") // a file beside an array of that name is an error
	if y == "" && wanted {
		if y, err = c.labels(x, o.NeedLabels); err != nil {
			return "", "", err
		}
	}
	if !given && (x != "x" || y != "y" && y != "") {
		line := "samples are the array " + arrayName(x)
		if y != "" {
			line += ", labels " + arrayName(y)
		}
		o.Note(line)
	}
	return x, y, nil
}

// shape is that of an array; nil if it is none that is read.
func (c *choice) shape(name string) []int {
	shape, ok := c.shapes[name]
	if !ok {
		shape, _ = c.archive.Shape(name)
		c.shapes[name] = shape
	}
	return shape
}

// some returns the names of arrays for which is holds.
func (c *choice) some(is func(name string) bool) []string {
	var some []string
	for _, name := range c.names {
		if is(name) {
			some = append(some, name)
		}
	}
	return some
}

// mostShapes is how many arrays of an archive are looked at.
const mostShapes = 64

// samples finds the array of samples; labels may be that of their labels.
func (c *choice) samples(labels string) (string, error) {
	if slices.Contains(c.names, "x") && labels == "" {
		return "x", nil
	}
	_, want := roleOf(labels)
	named := c.some(func(name string) bool { role, _ := roleOf(name); return role == sampleRole && name != labels })
	some := named
	if len(some) > 1 && labels != "" {
		some = c.some(func(name string) bool { _, part := roleOf(name); return slices.Contains(named, name) && part == want })
	}
	if len(named) == 0 && len(c.names) <= mostShapes {
		some = c.some(func(name string) bool {
			role, _ := roleOf(name)
			shape := c.shape(name)
			return role == unknownRole && name != labels && checkShape(shape) == nil && len(shape) > 1 && !OneEach(shape, shape[0])
		})
	}
	switch {
	case len(some) == 1:
		return some[0], nil
	case len(c.names) == 0:
		return "", errors.New("npz: the archive has no arrays")
	case len(some) == 0 && len(named) == 0:
		return "", &AdvisedError{Err: fmt.Errorf("npz: no member x.npy among %d (%.100q), and none whose name or shape says that it holds the samples", len(c.names), strings.Join(c.names, ", ")), Advice: GiveNames}
	case len(some) == 0:
		some = named
	}
	x := some[0]
	for _, name := range some {
		if _, part := roleOf(name); strings.HasPrefix(part, "train") {
			x = name
			break
		}
	}
	y, _ := c.labels(x, false)
	return "", &AdvisedError{Err: fmt.Errorf("npz: the samples could be %s", stream.List(some)), Advice: GiveNames, Example: [2]string{x, y}}
}

// labels finds the labels of an array of samples; "" if there seem to be none. If they are needed, several that could be meant are
// an error.
func (c *choice) labels(x string, need bool) (string, error) {
	if slices.Contains(c.names, "y") && x == "x" {
		return "y", nil
	}
	_, want := roleOf(x)
	of := func(same bool) []string {
		return c.some(func(name string) bool {
			role, part := roleOf(name)
			return role == labelRole && name != x && (!same || part == want)
		})
	}
	some := of(true)
	if len(some) == 0 {
		some = of(false)
	}
	if len(some) != 1 && len(c.names) <= mostShapes {
		named := some
		samples := c.shape(x)
		some = c.some(func(name string) bool {
			role, _ := roleOf(name)
			return (slices.Contains(named, name) || len(named) == 0 && role == unknownRole && need) && name != x && len(samples) > 0 && OneEach(c.shape(name), samples[0])
		})
		if len(some) == 0 {
			some = named
		}
	}
	switch {
	case len(some) == 1:
		return some[0], nil
	case len(some) == 0 || !need:
		return "", nil
	}
	return "", &AdvisedError{Err: fmt.Errorf("npz: the labels of %s could be %s", arrayName(x), stream.List(some)), Advice: GiveNames, Example: [2]string{x, some[0]}}
}
