package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/net"
)

// Augment says how a training sample is changed each time it is used. Flip and Roll leave a periodic, isotropic
// texture's class as it is; what Crop leaves of it depends on the size of what tells the classes apart.
type Augment struct {
	Flip bool // mirrors rows and columns, each with probability 1/2
	Roll bool // shifts rows and columns round the torus by random amounts
	Crop int  // takes a random window of that many rows and columns, with Roll round the torus; 0: all
}

// ParseAugment reads a list such as "flip,roll,crop=32"; "" is none.
func ParseAugment(s string) (Augment, error) {
	var a Augment
	if s == "" {
		return a, nil
	}
	for word := range strings.SplitSeq(s, ",") {
		name, value, _ := strings.Cut(word, "=")
		switch {
		case name == "flip" && a.Flip, name == "roll" && a.Roll, name == "crop" && a.Crop > 0:
			return a, fmt.Errorf("data: augmentation %s is named twice", name)
		case word == "flip":
			a.Flip = true
		case word == "roll":
			a.Roll = true
		case name == "crop":
			var err error
			if a.Crop, err = strconv.Atoi(value); err != nil || a.Crop < 1 {
				return a, fmt.Errorf("data: augmentation %q: a crop is a positive number of pixels, such as crop=32", word)
			}
		default:
			return a, fmt.Errorf("data: there is no augmentation %q, only flip, roll and crop=N", word)
		}
	}
	return a, nil
}

// String is what ParseAugment reads.
func (a Augment) String() string {
	var words []string
	if a.Flip {
		words = append(words, "flip")
	}
	if a.Roll {
		words = append(words, "roll")
	}
	if a.Crop > 0 {
		words = append(words, fmt.Sprintf("crop=%d", a.Crop))
	}
	return strings.Join(words, ",")
}

// None reports whether samples stay as they are.
func (a Augment) None() bool { return a == Augment{} }

// Shape is that of a changed sample of shape s.
func (a Augment) Shape(s net.Shape) net.Shape {
	if a.Crop > 0 {
		s.H, s.W = min(s.H, a.Crop), min(s.W, a.Crop)
	}
	return s
}

// Network returns the network n for changed samples: n itself or, if they are cropped, the same layers on the smaller input. It
// is an error if that changes the shapes of the parameters.
func (a Augment) Network(n *net.Network) (*net.Network, error) {
	in := a.Shape(n.Input)
	if a.Crop > max(n.Input.H, n.Input.W) {
		return nil, fmt.Errorf("data: crops of %d pixels are larger than the samples, %v", a.Crop, n.Input)
	}
	if in == n.Input {
		return n, nil
	}
	cropped := &net.Network{Input: in, Layers: n.Layers}
	want, err := net.ParamShapes(n)
	if err != nil {
		return nil, err
	}
	got, err := net.ParamShapes(cropped)
	if err != nil {
		return nil, fmt.Errorf("data: crops of %d pixels: %w", a.Crop, err)
	}
	for i, p := range want {
		if q := got[i]; !slices.Equal(p.Shape, q.Shape) {
			return nil, fmt.Errorf("data: on crops of %d pixels %s has shape %v, on whole samples %v; end the network with gap", a.Crop, p.Name, q.Shape, p.Shape)
		}
	}
	return cropped, nil
}

// apply writes the changed x of shape s into dst, which must not be the same memory.
func (a Augment) apply(dst, x []float32, s net.Shape, r *rand.Rand) {
	out := a.Shape(s)
	var top, left int
	switch {
	case a.Roll:
		top, left = r.IntN(s.H), r.IntN(s.W)
	case a.Crop > 0:
		top, left = r.IntN(s.H-out.H+1), r.IntN(s.W-out.W+1)
	}
	rows, columns := a.Flip && r.IntN(2) == 1, a.Flip && r.IntN(2) == 1
	for c := range out.C {
		for i := range out.H {
			from := (i + top) % s.H
			if rows {
				from = s.H - 1 - from
			}
			src, row := x[(c*s.H+from)*s.W:][:s.W], dst[(c*out.H+i)*out.W:][:out.W]
			copy(row[copy(row, src[left:]):], src)
			if columns {
				slices.Reverse(row)
			}
		}
	}
}
