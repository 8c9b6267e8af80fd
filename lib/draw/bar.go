package draw

import (
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"
)

// bar is the colour map laid out from left to right, with the values at its ends and in its middle.
func (h Heatmap) bar(t typeface, width int) block {
	const height = 10
	texts := h.labels()
	set := setLabels(texts, t.width, width)
	lines := 1
	for _, l := range set {
		lines = max(lines, l.line+1)
	}
	size := image.Pt(width, height+tick+lines*t.line)
	return block{size, func(dst *image.RGBA, at image.Point) {
		frame(dst, image.Rectangle{at, at.Add(image.Pt(width, height))})
		for x := range width {
			c := h.Map.At((float64(x) + 0.5) / float64(width))
			for y := range height {
				dst.SetRGBA(at.X+x, at.Y+y, c)
			}
		}
		for i, text := range texts {
			for y := range tick {
				if text != "" {
					dst.SetRGBA(at.X+(width-1)*i/2, at.Y+height+1+y, pale)
				}
			}
		}
		for _, l := range set {
			t.write(dst, at.Add(image.Pt(l.left, height+tick+l.line*t.line)), l.text)
		}
	}}
}

// A label is a number under a bar.
type label struct {
	text       string
	left, line int // where it stands, in pixels and lines
}

// setLabels puts the texts at the ends and in the middle of a width; empty ones are left out. The text in the middle is left
// out where it has no room, and those at the ends stand one below the other where they would touch.
func setLabels(texts [3]string, measure func(string) int, width int) []label {
	const apart = 8
	var set []label
	for i, s := range texts {
		if s != "" { // flush with the ends, centred in the middle
			set = append(set, label{text: s, left: (width-1)*i/2 - measure(s)*i/2})
		}
	}
	fits := func() bool {
		for i, l := range set[1:] {
			if set[i].left+measure(set[i].text)+apart > l.left {
				return false
			}
		}
		return true
	}
	if len(set) == 3 && !fits() {
		set = []label{set[0], set[2]}
	}
	if !fits() {
		set[1].line = 1
	}
	for i := range set {
		set[i].left = max(0, set[i].left)
	}
	return set
}

// labels are the values at the ends and in the middle of the bar, with at least three significant digits and enough to tell
// them apart: each is right to 1 % of the span. If both ends have the same value, it stands in the middle alone.
func (h Heatmap) labels() [3]string {
	span := h.Range.High - h.Range.Low
	if span == 0 {
		return [3]string{1: minus(strconv.FormatFloat(h.Range.Low, 'g', -1, 32))}
	}
	values := [3]float64{h.value(0), h.value(0.5), h.value(1)}
	largest := max(math.Abs(values[0]), math.Abs(values[2]))
	var texts [3]string
	for digits := 3; digits <= most; digits++ {
		exact := true
		for i, v := range values {
			texts[i] = number(v, largest, span, digits)
			shown, err := strconv.ParseFloat(texts[i], 64)
			exact = exact && err == nil && math.Abs(shown-v) <= span/100
			texts[i] = minus(texts[i])
		}
		if exact {
			break
		}
	}
	return texts
}

// most is as many significant digits as a float64 has.
const most = 17

// number writes v, one of several numbers whose greatest magnitude is largest, with three significant digits. With more
// digits, all numbers have the decimals of the largest, and a power of ten only where that is shorter. A number that is
// negligible beside the span of all is 0.
func number(v, largest, span float64, digits int) string {
	if math.Abs(v) < span/1e4 {
		v = 0
	}
	decimals := digits - 1 - int(math.Floor(math.Log10(largest)))
	const power = len(".e+09")
	switch small, large := math.Abs(v) < 1e-3, math.Abs(v) >= 1e5; {
	case digits > 3 && largest >= 1e-3 && -decimals <= power:
		return fmt.Sprintf("%.*f", max(0, decimals), v)
	case v != 0 && (small || large):
		return fmt.Sprintf("%.*e", digits-1, v)
	}
	return fmt.Sprintf("%.*g", digits, v)
}

// minus gives negative numbers a minus sign, which is as wide as a plus, instead of a hyphen.
func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }
