package draw

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// tenths are ticks from 0 to 1, every second with a number.
type tenths struct{}

// Ticks makes tenths a plot.Ticker.
func (tenths) Ticks(_, _ float64) []plot.Tick {
	var ticks []plot.Tick
	for i := range 11 {
		t := plot.Tick{Value: float64(i) / 10}
		if i%2 == 0 {
			t.Label = strconv.FormatFloat(t.Value, 'f', 1, 64)
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// round are ticks at multiples of 1, 2 or 5 times a power of ten, all of them with a number.
type round struct{ least float64 } // the least distance between two ticks

// Ticks makes round a plot.Ticker.
func (r round) Ticks(low, high float64) []plot.Tick {
	const count = 7
	power := math.Pow(10, math.Floor(math.Log10((high-low)/count)))
	step := 10 * power
	for _, k := range []float64{5, 2, 1} {
		if (high-low)/(k*power) <= count {
			step = k * power
		}
	}
	step = max(step, r.least)
	decimals := max(0, -int(math.Floor(math.Log10(step))))
	// As many significant digits as tell ticks apart.
	digits := int(max(4, min(most, 2+math.Floor(math.Log10(max(math.Abs(low), math.Abs(high))/step)))))
	var ticks []plot.Tick
	for i := range count + 1 {
		v := (math.Ceil(low/step) + float64(i)) * step
		if v > high {
			break
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: minus(tickLabel(v, decimals, digits))})
	}
	return ticks
}

// tickLabel writes v with that many decimals or, where that is long, that many significant digits.
func tickLabel(v float64, decimals, digits int) string {
	plain := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals <= 4 && len(plain) <= 7 {
		return plain
	}
	short := strconv.FormatFloat(v, 'g', digits, 64)
	if digits > 4 && len(plain) <= len(short) {
		return plain
	}
	return short
}

// powers are ticks of a logarithmic axis: at powers of ten, and between them at their multiples.
type powers struct{}

// Ticks makes powers a plot.Ticker.
func (powers) Ticks(low, high float64) []plot.Tick {
	const most = 8 // powers with a number
	first, last := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	step := (last-first)/most + 1
	var ticks []plot.Tick
	for p := first; p <= last; p += step {
		power := math.Pow(10, float64(p))
		label := minus(strconv.FormatFloat(power, 'g', -1, 64))
		for k := 1; k < 10 && (k == 1 || step == 1); k++ {
			if v := float64(k) * power; v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: label})
			}
			label = ""
		}
	}
	return ticks
}
