package draw

import (
	"image/color"
	"math"
	"testing"
)

var maps = map[string]ColourMap{"viridis": Viridis, "inferno": Inferno, "magma": Magma, "greys": Greys}

// The colours are those of matplotlib 3.6.3: matplotlib.colormaps[name]([0.0, 0.5, 1.0], bytes=True).
func TestPublishedColours(t *testing.T) {
	for name, want := range map[string][3]color.RGBA{
		"viridis": {{68, 1, 84, 255}, {33, 145, 140, 255}, {253, 231, 37, 255}},
		"inferno": {{0, 0, 4, 255}, {188, 55, 84, 255}, {252, 255, 164, 255}},
		"magma":   {{0, 0, 4, 255}, {183, 55, 121, 255}, {252, 253, 191, 255}},
	} {
		for i, c := range want {
			if got := maps[name].At(float64(i) / 2); got != c {
				t.Errorf("%s at %v: got %v, want %v", name, float64(i)/2, got, c)
			}
		}
	}
}

// Equal steps along a map are to look equally large: its lightness L* rises at every entry, by 0.4 on average and
// nowhere by far more. A rainbow fails, and so does a damaged entry.
func TestLightnessRisesEvenly(t *testing.T) {
	for name, m := range maps {
		for i := range 255 {
			step := lightness(m.At(float64(i+1)/255)) - lightness(m.At(float64(i)/255))
			if !(step >= -0.1 && step <= 1.1) {
				t.Errorf("%s: lightness changes by %.2f after entry %d", name, step, i)
			}
		}
	}
}

// lightness is L* of an sRGB colour, IEC 61966-2-1 and CIE 15:2004.
func lightness(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		u := float64(v) / 255
		if u <= 0.04045 {
			return u / 12.92
		}
		return math.Pow((u+0.055)/1.055, 2.4)
	}
	y := 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func TestColourOutsideAndMissing(t *testing.T) {
	for name, m := range maps {
		if m.At(-3) != m.At(0) || m.At(7) != m.At(1) || m.At(math.Inf(1)) != m.At(1) || m.At(math.Inf(-1)) != m.At(0) {
			t.Errorf("%s: positions outside 0..1 do not have the colours of the ends", name)
		}
		for i := range 256 {
			c := m.At(float64(i) / 255)
			d := max(delta(c.R, Missing.R), delta(c.G, Missing.G), delta(c.B, Missing.B))
			if d < 60 {
				t.Errorf("%s: entry %d %v looks like a missing value", name, i, c)
			}
		}
	}
}

func delta(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
