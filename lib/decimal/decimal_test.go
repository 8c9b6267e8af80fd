package decimal

import (
	"errors"
	"math"
	"strconv"
	"testing"
)

func TestFloat(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "010": 10, "-007.50": -7.5, "+.5": 0.5, "1e3": 1000, "08": 8, "Inf": math.Inf(1), "-infinity": math.Inf(-1)} {
		if got, err := Float(text); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	if got, err := Float("nan"); got == got || err != nil {
		t.Errorf("nan: %v, %v", got, err)
	}
	for _, text := range []string{"", "0x10", "0x1p-3", "0X1P4", "-0x1p4", "0x_1p4", "1_0", "0b1", "0o7", "1,5", " 1", "١"} {
		if got, err := Float(text); !errors.Is(err, strconv.ErrSyntax) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if _, err := Float("1e999"); !errors.Is(err, strconv.ErrRange) {
		t.Errorf("1e999: %v", err)
	}
}
