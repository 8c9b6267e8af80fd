package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
)

// Layout says what the axes of a sample's array are, by letters in their order: C channels, D planes, H rows, W columns or
// the steps of a sequence. "" is not known.
type Layout string

// canonical is the order in which samples are handed on.
const canonical = "CDHW"

// ParseLayout reads a layout such as CHW, NHWC or NCT. N, the axis of the samples, may come first, and T is W.
func ParseLayout(text string) (Layout, error) {
	letters := strings.ReplaceAll(strings.TrimPrefix(text, "N"), "T", "W")
	for i, r := range letters {
		switch {
		case r == 'N' && letters != text:
			return "", fmt.Errorf("axes %s name one axis twice", stream.Quote(text))
		case r == 'N':
			return "", fmt.Errorf("axes %s: N must come first; np.moveaxis(x, %d, 0) brings it there", stream.Quote(text), i)
		case !strings.ContainsRune(canonical, r):
			return "", fmt.Errorf("axes %s: %q is none of the letters N, C, D, H, W and T", stream.Quote(text), r)
		case strings.ContainsRune(letters[:i], r):
			return "", fmt.Errorf("axes %s name one axis twice", stream.Quote(text))
		}
	}
	l := Layout(letters)
	if !l.has('W') || l.has('D') && !l.has('H') {
		return "", fmt.Errorf("axes %s are none of a sequence (W or T), an image (HW) or a volume (DHW)", stream.Quote(text))
	}
	return l, nil
}

func (l Layout) has(axis rune) bool { return strings.ContainsRune(string(l), axis) }

// guess is the layout of an array that nobody named, for a network of that many dimensions; 0 if it takes any.
func guess(axes, dimensions int) Layout {
	switch {
	case axes == 1:
		return "W"
	case axes == 2 && dimensions == 1:
		return "CW"
	case axes == 2:
		return "HW"
	case axes == 3 && dimensions == 3:
		return "DHW"
	case axes == 3:
		return "CHW"
	}
	return canonical
}

// arrangement is how a sample's array is brought into the order C, D, H, W of the axes that it has.
type arrangement struct {
	shape []int // C and its axes
	order []int // axes of the array in that order; nil: it is as it should be
	added []int // places of shape where the array has no axis, one after the other
}

// arrange returns the arrangement of arrays of a shape. The network has that many dimensions, or any if 0: an image of one
// row may come as a sequence.
func (l Layout) arrange(shape []int, dimensions int) (a arrangement, err error) {
	if len(l) != len(shape) {
		return a, fmt.Errorf("shape %v, but the axes %s are %d", shape, string(l), len(l))
	}
	for _, axis := range canonical {
		if at := strings.IndexRune(string(l), axis); at >= 0 {
			a.order = append(a.order, at)
			a.shape = append(a.shape, shape[at])
		}
	}
	add := func(place int) { a.shape, a.added = slices.Insert(a.shape, place, 1), append(a.added, place) }
	if !l.has('C') {
		add(0)
	}
	if len(a.shape) == 2 && dimensions == 2 {
		add(1)
	}
	if slices.IsSorted(a.order) {
		a.order = nil
	}
	return a, nil
}

// arranger brings samples into the order C, D, H, W of their axes.
type arranger struct {
	axes       Layout // of all samples; "" if each, or the data, may say it
	dimensions int
	note       func(line string)

	guessed   bool // the layout of a sample was guessed, and noted
	overruled bool // what the data say was overruled, and noted
	shape     []int
	layout    Layout
	last      arrangement // of samples of that shape and layout
	spare     buffers
}

// shapeOf is the shape of a sample once it is arranged. data is the layout that the data name.
func (a *arranger) shapeOf(sample *stream.Sample, data Layout) (shape []int, err error) {
	raw := sample.Shape
	if len(raw) == 0 || len(raw) > len(canonical) || slices.Min(raw) <= 0 {
		return nil, fmt.Errorf("sample %s has shape %v; want [W], [H,W], [C,H,W] or [C,D,H,W], none of them 0", sample.Key, raw)
	}
	said := cmp.Or(Layout(sample.Axes), data)
	l := cmp.Or(a.axes, said)
	if said != "" && l != said && !a.overruled && a.note != nil {
		a.note(fmt.Sprintf("samples are taken for ones with the axes %s, though the data say %s", string(l), string(said)))
		a.overruled = true
	}
	if l == "" {
		if l = guess(len(raw), a.dimensions); a.dimensions == 0 && a.shape == nil && channelsLast(raw) {
			err := fmt.Errorf("sample %s has shape %v, which looks like %s with channels last, but would be taken for %s with channels first", sample.Key, raw, kindOf(l, raw[len(raw)-1]), kindOf(l, raw[0]))
			return nil, &AdvisedError{Err: err, Advice: GiveAxes, Example: [2]string{"N" + string(l[1:]) + "C", "N" + string(l)}}
		}
		a.noteGuess(raw, l)
	}
	if l != a.layout || !slices.Equal(raw, a.shape) {
		if a.last, err = l.arrange(raw, a.dimensions); err != nil {
			return nil, fmt.Errorf("sample %s has %w", sample.Key, err)
		}
		a.layout, a.shape = l, slices.Clone(raw)
	}
	return a.last.shape, nil
}

// set arranges a sample. data is the layout that the data name. It returns memory of X that is no longer needed.
func (a *arranger) set(sample *stream.Sample, data Layout) (free []float32, err error) {
	raw := sample.Shape
	if sample.Shape, err = a.shapeOf(sample, data); err != nil {
		return nil, err
	}
	if sample.Array != nil {
		sample.Array = a.last.view(sample.Array, 0)
		return nil, nil
	}
	if a.last.order == nil {
		return nil, nil
	}
	x := a.spare.take()
	if cap(x) < len(sample.X) {
		x = make([]float32, len(sample.X))
	}
	x = x[:len(sample.X)]
	permute(x, sample.X, raw, a.last.order)
	free, sample.X = sample.X, x
	return free, nil
}

// noteGuess says how samples are taken that nobody says anything about, if there is another way and no network decides.
func (a *arranger) noteGuess(shape []int, l Layout) {
	if a.guessed || a.dimensions > 0 || a.note == nil || len(shape) == 1 || len(shape) > 2 && shape[0] == 1 {
		return
	}
	a.guessed = true
	switch channels := count(shape[0]); len(shape) {
	case 2:
		a.note(fmt.Sprintf("samples of shape %v are taken for images (axes NHW); sequences of %s have the axes NCT, of %s NTC", shape, channels, count(shape[1])))
	case 3:
		a.note(fmt.Sprintf("samples of shape %v are taken for images of %s (axes NCHW); volumes have the axes NDHW, channels last NHWC", shape, channels))
	default:
		a.note(fmt.Sprintf("samples of shape %v are taken for volumes of %s (axes NCDHW); with channels last these have the axes NDHWC", shape, channels))
	}
}

// channelsLast reports whether the shape of an image or a volume can hardly be meant to have channels first: the last axis is as long
// as a pixel has colours, and the others are long.
func channelsLast(shape []int) bool {
	const long = 8
	last := len(shape) - 1
	return last >= 2 && slices.Contains([]int{1, 3, 4}, shape[last]) && slices.Min(shape[:last]) >= long
}

// kindOf says what a sample of a layout with that many channels is.
func kindOf(l Layout, channels int) string {
	if l.has('D') {
		return "a volume of " + count(channels)
	}
	return "an image of " + count(channels)
}

// guessHint ends an error about the shapes of samples that were taken for images because nobody says anything about them: what else
// they may be; "" if that is unlikely.
func (a *arranger) guessHint(shape, other []int) string {
	const few = 4 // channels of a picture with colours and transparency
	switch {
	case a.guessed && len(shape) == 2 && len(other) == 2 && shape[0] == other[0]:
		return "; if they are sequences, their axes are NCT"
	case a.guessed && len(shape) == 3 && shape[0] > few:
		return "; if they are volumes, their axes are NDHW"
	}
	return ""
}

func count(channels int) string {
	if channels == 1 {
		return "one channel"
	}
	return fmt.Sprintf("%d channels", channels)
}

// permute writes the elements of x, an array of a shape in C order, in the order of the axes.
func permute(dst, x []float32, shape, order []int) {
	step := make([]int, len(shape)) // of x, along each axis of dst
	size := make([]int, len(shape))
	for i, axis := range order {
		step[i], size[i] = dims.Count(shape[axis+1:]), shape[axis]
	}
	last := len(size) - 1
	index := make([]int, len(size))
	for at := 0; at < len(dst); at += size[last] {
		from := 0
		for axis, i := range index[:last] {
			from += i * step[axis]
		}
		for i := range dst[at:][:size[last]] {
			dst[at+i] = x[from+i*step[last]]
		}
		for axis := last - 1; axis >= 0; axis-- {
			if index[axis]++; index[axis] < size[axis] {
				break
			}
			index[axis] = 0
		}
	}
}

// view returns an array with its axes behind the first few brought in order.
func (how arrangement) view(a *npy.Array, first int) *npy.Array {
	if how.order != nil {
		var axes []int
		for axis := range first {
			axes = append(axes, axis)
		}
		for _, axis := range how.order {
			axes = append(axes, first+axis)
		}
		a = a.Transpose(axes...)
	}
	for _, place := range how.added {
		a = a.Insert(first + place)
	}
	return a
}

// view returns an array of samples with their axes in canonical order.
func (l Layout) view(a *npy.Array) (*npy.Array, error) {
	how, err := l.arrange(a.Shape[1:], 0)
	how.added = nil
	return how.view(a, 1), err
}

// ordered is the layout with its axes in canonical order.
func (l Layout) ordered() Layout {
	var ordered strings.Builder
	for _, axis := range canonical {
		if l.has(axis) {
			ordered.WriteRune(axis)
		}
	}
	return Layout(ordered.String())
}
