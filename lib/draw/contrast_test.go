package draw

import (
	"image/color"
	"math"
	"testing"
)

func TestContrast(t *testing.T) {
	black, white := color.RGBA{A: 255}, color.RGBA{255, 255, 255, 255}
	for _, c := range []struct {
		a, b color.RGBA
		want float64
	}{{black, white, 21}, {white, white, 1}, {color.RGBA{0x77, 0x77, 0x77, 255}, white, 4.478}, {color.RGBA{0, 0, 255, 255}, white, 8.592}} { // as WebAIM's contrast checker has them
		if got := contrast(c.a, c.b); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("contrast of %v and %v: %.4f, want %.4f", c.a, c.b, got, c.want)
		}
	}
}

// Numbers can be read on every shade of a confusion matrix, and on any colour at all.
func TestLegible(t *testing.T) {
	check := func(c color.RGBA) {
		if got := contrast(color.RGBAModel.Convert(legibleOn(c)).(color.RGBA), c); got < 4.5 {
			t.Errorf("on %v the contrast is %.2f", c, got)
		}
	}
	for _, c := range (blues{}).Colors() {
		check(c.(color.RGBA))
	}
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				check(color.RGBA{uint8(r), uint8(g), uint8(b), 255})
			}
		}
	}
}
