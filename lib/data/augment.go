package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/net"
)

// Augment says how a training sample is changed each time it is used. Flip and Roll leave a periodic, isotropic
// texture's class as it is; what Crop leaves of it depends on the size of what tells the classes apart.
type Augment struct {
	Flip bool // mirrors each axis with probability 1/2
	Roll bool // shifts round the torus by random amounts
	Crop Crop // takes a random window, with Roll round the torus
}

// Crop is the size of a window: none, one number of pixels for all axes, or one for each.
type Crop struct {
	numbers int
	size    [3]int // the numbers
}

// None reports whether samples are whole.
func (c Crop) None() bool { return c.numbers == 0 }

// ParseCrop reads 32 or 32x48; ok is false if it is neither.
func ParseCrop(text string) (c Crop, ok bool) {
	for word := range strings.SplitSeq(text, "x") {
		v, err := strconv.Atoi(word)
		if err != nil || v < 1 || c.numbers == len(c.size) {
			return Crop{}, false
		}
		c.size[c.numbers] = v
		c.numbers++
	}
	return c, true
}

// String is what ParseCrop reads.
func (c Crop) String() string {
	words := make([]string, c.numbers)
	for i := range words {
		words[i] = strconv.Itoa(c.size[i])
	}
	return strings.Join(words, "x")
}

// Square returns a crop of that many pixels along each axis.
func Square(side int) Crop { return Crop{numbers: 1, size: [3]int{side}} }

// along returns the window along D, H and W of samples of that many dimensions; ok is false if it has another number of
// axes.
func (c Crop) along(dimensions int) (s net.Size, ok bool) {
	if c.numbers == 1 {
		return net.Along(dimensions, c.size[0], 1), true
	}
	s = net.Along(dimensions, 1, 1)
	copy(s[3-dimensions:], c.size[:])
	return s, c.numbers == dimensions
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
			if a.Crop, ok = ParseCrop(value); !ok {
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

// Shape is that of a changed sample of shape s.
func (a Augment) Shape(s net.Shape) net.Shape {
	if a.Crop.None() {
		return s
	}
	window, _ := a.Crop.along(s.Dimensions())
	for axis, side := range [3]*int{&s.D, &s.H, &s.W} {
		*side = min(*side, window[axis]) // 0 stays 0
	}
	return s
}

// Network returns the network n for changed samples: n itself or, if they are cropped, the same layers on the smaller input. It
// is an error if that changes the shapes of the parameters.
func (a Augment) Network(n *net.Network) (*net.Network, error) {
	in := a.Shape(n.Input)
	window, ok := a.Crop.along(n.Input.Dimensions())
	if !a.Crop.None() && !ok {
		return nil, fmt.Errorf("data: crop=%v has %d sizes, but the samples are %v", a.Crop, a.Crop.numbers, n.Input)
	}
	if larger := 0; !a.Crop.None() {
		for axis, side := range n.Input.Size() {
			if window[axis] > side {
				larger++
			}
		}
		if larger == n.Input.Dimensions() || a.Crop.numbers > 1 && larger > 0 {
			return nil, fmt.Errorf("data: crops of %v pixels are larger than the samples, %v", a.Crop, n.Input)
		}
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
		return nil, fmt.Errorf("data: crops of %v pixels: %w", a.Crop, err)
	}
	for i, p := range want {
		if q := got[i]; !slices.Equal(p.Shape, q.Shape) {
			return nil, fmt.Errorf("data: on crops of %v pixels %s has shape %v, on whole samples %v; end the network with gap", a.Crop, p.Name, q.Shape, p.Shape)
		}
	}
	return cropped, nil
}
