package draw

import (
	"image/color"
	"math"
)

// legibleOn is the colour of text on a ground, black or white, whichever has more contrast. On any ground that is 4.58 at least,
// and readers need 4.5 (W3C, "Web Content Accessibility Guidelines 2.2", 2023, 1.4.3).
func legibleOn(ground color.RGBA) color.Color {
	if contrast(color.RGBA{255, 255, 255, 255}, ground) > contrast(color.RGBA{A: 255}, ground) {
		return color.White
	}
	return color.Black
}

// contrast is the ratio of the luminances of two colours, from 1 to 21, as those guidelines define it.
func contrast(a, b color.RGBA) float64 {
	const flare = 0.05 // light that a screen reflects
	la, lb := luminance(a)+flare, luminance(b)+flare
	return max(la, lb) / min(la, lb)
}

// luminance is that of an sRGB colour relative to white (IEC 61966-2-1).
func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
