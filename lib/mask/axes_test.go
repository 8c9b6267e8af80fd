package mask

import (
	"strings"
	"testing"
)

func TestParseAxes(t *testing.T) {
	for text, want := range map[string]Axes{
		"N": N, "C": C, "HW": H | W, "WH": H | W, "NHW": N | H | W, "HNW": N | H | W, "NCHW": N | C | H | W, "WHCN": N | C | H | W, "DHW": D | H | W, "WDN": N | D | W,
	} {
		got, err := ParseAxes(text)
		if err != nil || got != want {
			t.Errorf("ParseAxes(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":     "no axes given",
		"HH":   "axis H is named twice",
		"NHWN": "axis N is named twice",
		"hw":   `unknown axis 'h' in axes "hw"`,
		"H,W":  "unknown axis ','",
		"é":    "unknown axis 'é'",
	} {
		if got, err := ParseAxes(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseAxes(%q) = %v, %v, want an error with %q", text, got, err, want)
		}
	}
}

func TestAxesString(t *testing.T) {
	for axes := Axes(1); axes < 32; axes++ {
		if back, err := ParseAxes(axes.String()); err != nil || back != axes {
			t.Errorf("ParseAxes(%q) = %d, %v, want %d", axes.String(), back, err, axes)
		}
	}
	if got := (W | N | H).String(); got != "NHW" {
		t.Errorf("got %q, want NHW", got)
	}
}
