package data

import (
	"fmt"
	"strings"

	"backdrop/lib/dims"
	"backdrop/lib/net"
)

// Augment says how a training sample is changed each time it is used. Flip and Roll leave a periodic, isotropic
// texture's class as it is; what Crop leaves of it depends on the size of what tells the classes apart.
type Augment struct {
	Flip bool       // mirrors each axis with probability 1/2
	Roll bool       // shifts round the torus by random amounts
	Crop dims.Sides // takes a random window, with Roll round the torus
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
		case name == "flip" && a.Flip, name == "roll" && a.Roll, name == "crop" && !a.Crop.None():
			return a, fmt.Errorf("data: augmentation %s is named twice", name)
		case word == "flip":
			a.Flip = true
		case word == "roll":
			a.Roll = true
		case name == "crop":
			var ok bool
			if a.Crop, ok = dims.ParseSides(value); !ok {
				return a, fmt.Errorf("data: augmentation %q: a crop is a positive number of pixels, such as crop=32, or one for each axis, such as crop=32x48", word)
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
	if !a.Crop.None() {
		words = append(words, "crop="+a.Crop.String())
	}
	return strings.Join(words, ",")
}

// None reports whether samples stay as they are.
func (a Augment) None() bool { return a == Augment{} }

// window is a crop along D, H and W of samples of that many dimensions, 1 along an axis that there is not; ok is false if it has
// another number of axes.
func (a Augment) window(dimensions int) (size net.Size, ok bool) {
	size = net.Along(dimensions, 1, 1)
	for axis := range dimensions {
		size[3-dimensions+axis] = a.Crop.Side(axis)
	}
	return size, a.Crop.Fit(dimensions)
}

// Shape is that of a changed sample of shape s.
func (a Augment) Shape(s net.Shape) net.Shape {
	if a.Crop.None() {
		return s
	}
	window, _ := a.window(s.Dimensions())
	for axis, side := range [3]*int{&s.D, &s.H, &s.W} {
		*side = min(*side, window[axis]) // 0 stays 0
	}
	return s
}

// Holds reports whether samples of a shape are at least as large as a crop along every axis.
func (a Augment) Holds(s net.Shape) bool {
	if a.Crop.None() {
		return true
	}
	window, ok := a.window(s.Dimensions())
	for axis, side := range s.Size() {
		ok = ok && window[axis] <= side
	}
	return ok
}

// Network returns the network n for changed samples: n itself or, if they are cropped, the same layers on the smaller input. It
// is an error if that changes the shapes of the parameters.
func (a Augment) Network(n *net.Network) (*net.Network, error) {
	if a.Crop.None() {
		return n, nil
	}
	in := a.Shape(n.Input)
	window, ok := a.window(n.Input.Dimensions())
	if !ok {
		return nil, fmt.Errorf("data: crop=%v has %d sizes, but the samples are %v; give one size, or one for each axis", a.Crop, a.Crop.Numbers(), n.Input)
	}
	larger := 0
	for axis, side := range n.Input.Size() {
		if window[axis] > side {
			larger++
		}
	}
	if larger == n.Input.Dimensions() || a.Crop.Numbers() > 1 && larger > 0 {
		return nil, fmt.Errorf("data: crops of %v pixels are larger than the samples, %v; take crop=%v or less", a.Crop, n.Input, dims.SidesOf(n.Input.Axes()[1:]))
	}
	cropped, err := n.On(in)
	if err != nil {
		return nil, fmt.Errorf("data: crops of %v pixels: %w", a.Crop, err)
	}
	return cropped, nil
}
