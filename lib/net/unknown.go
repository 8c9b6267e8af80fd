package net

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kinds returns the names of all kinds of layers, in alphabetical order.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// unknownKind is the error about a layer of a kind that there is not.
func unknownKind(name string) error {
	if isBatchNorm(name) {
		return errors.New(noBatchNorm)
	}
	all := Kinds()
	hint := ""
	if near := nearest(name, all); near != "" {
		hint = fmt.Sprintf(" (%s?)", near)
	}
	return fmt.Errorf("there is no layer %q%s, only %s", clip(name), hint, strings.Join(all, ", "))
}

// noBatchNorm says why that layer is left out, and what there is instead.
const noBatchNorm = "batch normalisation is left out: of batches of one to four samples its statistics are noise, and its gradient mixes samples and pixels, so that masks save nothing; use groupnorm, or conv with ws=true"

func isBatchNorm(name string) bool {
	name = strings.ToLower(name)
	for _, end := range []string{"1d", "2d", "3d"} {
		name = strings.TrimSuffix(name, end)
	}
	return slices.Contains([]string{"batchnorm", "batch_norm", "batchnormalisation", "batchnormalization", "bn", "bnorm"}, name)
}

// nearest returns the name that a misspelt one seems to mean; "" if none is near.
func nearest(misspelt string, names []string) (near string) {
	const longest = 20
	if len(misspelt) > longest {
		return ""
	}
	misspelt = strings.ToLower(misspelt)
	best := 1 + min(2, len(misspelt)/2)
	for _, name := range names {
		d := distance(misspelt, name)
		if strings.HasPrefix(misspelt, name) { // conv2d
			d = min(d, 2)
		}
		if d < best {
			near, best = name, d
		}
	}
	return near
}

// distance is the smallest number of letters that have to be inserted, removed or replaced to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // from the letters of a so far to those of b up to each
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// About returns how a line of a kind of layer is written, what need not be given in brackets, and what the layer does.
func About(kind string) (line, about string) {
	k := kinds[kind]
	line = k.name
	for _, key := range k.keys {
		if key.fallback != nil {
			line += " [" + key.name + "=]"
		} else {
			line += " " + key.name + "="
		}
	}
	return line, k.about
}
