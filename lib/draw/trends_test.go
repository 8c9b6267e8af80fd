package draw

import (
	"cmp"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

func TestTrends(t *testing.T) {
	line := func(n int, f func(x float64) float64) Run {
		var r Run
		for i := range n {
			r.X, r.Y = append(r.X, float64(i+1)), append(r.Y, f(float64(i+1)))
		}
		return r
	}
	falling := func(rate float64) func(float64) float64 {
		return func(x float64) float64 { return 2 * math.Exp(-rate*x) }
	}
	trends := Trends{
		Title: "Trends", X: "epoch", Arms: []string{"one (3 runs)", "other", strings.Repeat("long", 50)}, Solid: "training", Dashed: "validation",
		Panels: []TrendPanel{
			{Y: "over decades", Magnitude: true, Trends: []Trend{
				{Arm: 0, Runs: []Run{line(40, falling(0.2)), line(30, falling(0.25)), line(25, falling(0.3))}},
				{Arm: 1, Runs: []Run{line(40, falling(0.1))}},
				{Arm: 1, Dashed: true, Runs: []Run{line(40, func(x float64) float64 { return 1 + math.Sin(x/4)/2 })}},
			}},
			{Y: "from zero", Magnitude: true, Trends: []Trend{{Arm: 1, Runs: []Run{line(40, func(x float64) float64 { return 3 + x/40 })}}}},
			{Y: "small share", Trends: []Trend{
				{Arm: 1, Runs: []Run{line(40, func(x float64) float64 { return 0.9 - 0.01/x })}},
				{Arm: 2, Runs: []Run{{X: []float64{20}, Y: []float64{0.895}}}},
			}},
		},
	}
	golden(t, "testdata/trends.png", trends.Encode)
	golden(t, "testdata/trendspoint.png", (&Trends{Title: "A point", X: "epoch", Arms: []string{"only"}, Panels: []TrendPanel{
		{Y: "loss", Magnitude: true, Trends: []Trend{{Runs: []Run{{X: []float64{1}, Y: []float64{-2}}}}}},
	}}).Encode)
	golden(t, "testdata/trendspoints.png", (&Trends{Title: "A point of each kind", X: "epoch", Arms: []string{"only"}, Solid: "training", Dashed: "validation", Panels: []TrendPanel{
		{Y: "loss", Trends: []Trend{{Runs: []Run{{X: []float64{1}, Y: []float64{1}}}}, {Dashed: true, Runs: []Run{{X: []float64{1}, Y: []float64{2}}}}}},
	}}).Encode)
}

// Where there is nothing, or numbers as large as they come, drawing ends.
func TestTrendsExtremes(t *testing.T) {
	for name, y := range map[string][]float64{
		"zeros": {0, 0}, "large": {1e100, -1e100}, "decades": {1e-300, 1e100}, "small": {1e-300, 2e-300}, "apart": {1e100, math.Nextafter(1e100, 2e100)},
	} {
		for _, magnitude := range []bool{false, true} {
			p := Trends{Arms: []string{name}, Panels: []TrendPanel{{Magnitude: magnitude, Trends: []Trend{{Runs: []Run{{X: []float64{1, 1e9}, Y: y}}}}}}}
			if err := p.Encode(io.Discard); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if err := (&Trends{Panels: []TrendPanel{{Y: "loss"}}}).Encode(io.Discard); err == nil {
		t.Error("nothing to show: no error")
	}
}

// Where there are many arms, the band is from the first to the third quartile of the runs (steps of the empirical
// distribution joined by lines), so that one run in eight that goes astray does not show.
func TestSummaryCrowded(t *testing.T) {
	var trend Trend
	for _, y := range []float64{3, 1, 2, 4, 5, 6, 7, 100} {
		trend.Runs = append(trend.Runs, Run{X: []float64{1}, Y: []float64{y}})
	}
	_, mean, low, high := trend.summary(true)
	if mean[0] != 16 || low[0] != 2 || high[0] != 6 {
		t.Errorf("mean %v, from %v to %v; want 16, 2, 6", mean, low, high)
	}
}

// Mean and range are those at positions that all runs have.
func TestSummary(t *testing.T) {
	trend := Trend{Runs: []Run{{X: []float64{1, 2, 3, 4}, Y: []float64{1, 2, 3, 4}}, {X: []float64{1, 3}, Y: []float64{5, 1}}}}
	x, mean, low, high := trend.summary(false)
	if got, want := [][]float64{x, mean, low, high}, [][]float64{{1, 3}, {3, 2}, {1, 1}, {5, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		ticks     func(low, high float64) []plot.Tick
		low, high float64
		want      string
	}{
		{round{}.Ticks, 0.13, 1.02, "0.2 0.4 0.6 0.8 1.0"},
		{round{}.Ticks, -3, 11, "−2 0 2 4 6 8 10"},
		{round{1}.Ticks, 1, 2, "1 2"},
		{round{1}.Ticks, 1, 80, "20 40 60 80"},
		{round{}.Ticks, 0, 3e-7, "0 5e−08 1e−07 1.5e−07 2e−07 2.5e−07 3e−07"},
		{round{}.Ticks, 290.1, 290.5, "290.1 290.2 290.3 290.4 290.5"},
		{round{}.Ticks, 123456.1, 123456.9, "123456.2 123456.4 123456.6 123456.8"},
		{round{}.Ticks, -1e6 - 1e-4, -1e6 + 1e-4, "−1000000.00005 −1000000 −999999.99995 −999999.9999"},
		{round{}.Ticks, 0.50000001, 0.50000004, "0.500000015 0.50000002 0.500000025 0.50000003 0.500000035 0.50000004"},
		{round{}.Ticks, 1e9, 1e9 + 64, "1000000000 1000000010 1000000020 1000000030 1000000040 1000000050 1000000060"},
		{round{}.Ticks, 1.0000001e-10, 1.0000004e-10, "1.0000001e−10 1.00000015e−10 1.0000002e−10 1.00000025e−10 1.0000003e−10 1.00000035e−10 1.0000004e−10"},
		{round{1}.Ticks, 1e7, 1e7 + 6, "10000000 10000001 10000002 10000003 10000004 10000005 10000006"},
		{round{1}.Ticks, 1, 1e9, "2e+08 4e+08 6e+08 8e+08 1e+09"},
		{powers{}.Ticks, 0.02, 30, "0.1 1 10"},
		{powers{}.Ticks, 1e-20, 1, "1e−20 1e−17 1e−14 1e−11 1e−08 1e−05 0.01"},
	} {
		var labels []string
		for _, tick := range c.ticks(c.low, c.high) {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("from %v to %v: got %s, want %s", c.low, c.high, got, c.want)
		}
	}
}

// Ticks can be told apart, and say what they stand at.
func TestTicksDiffer(t *testing.T) {
	for _, low := range []float64{0, 0.1, -0.3, 0.99, 1, 99.99, -290.1, 12345.6, 1e5, -1e7, 1e9, 1e20, 1e-5, 3e-20} {
		for _, width := range []float64{1e-7, 1e-3, 0.4, 1, 20} {
			high := low + max(math.Abs(low), 1e-30)*width
			last := math.Inf(-1)
			for _, tick := range (round{}).Ticks(low, high) {
				v, err := strconv.ParseFloat(strings.ReplaceAll(tick.Label, "−", "-"), 64)
				if err != nil || !(v > last) || !(math.Abs(v-tick.Value) <= (high-low)/100) {
					t.Errorf("from %v to %v: %q at %v, after %v", low, high, tick.Label, tick.Value, last)
				}
				last = v
			}
		}
	}
}

func TestLegendFits(t *testing.T) {
	l := newLegend()
	for _, name := range []string{"short", strings.Repeat("wide ", 40) + "end", "short", "short"} {
		l.add(name, nil)
	}
	rows := l.rows(4 * vg.Inch)
	if len(rows) != 3 || len(rows[2]) != 2 {
		t.Errorf("%d lines, want short, the wide one, and two short ones", len(rows))
	}
	if wide := rows[1][0]; l.width(wide) > 4*vg.Inch || !strings.HasPrefix(wide.name, "…") || !strings.HasSuffix(wide.name, "end") {
		t.Errorf("%q does not fit", wide.name)
	}
}

func TestComparison(t *testing.T) {
	none := math.NaN()
	golden(t, "testdata/comparison.png", (&Comparison{
		Title: "Two of three arms are paired", Y: "accuracy", Arms: []string{"plain", "masked\n0.9", "alone"},
		Pairs: [][]float64{{0.8, 0.9, none}, {0.7, 0.75, none}, {0.75, 0.7, none}, {none, none, 0.6}},
		Means: []Mean{{0.75, 0.7, 0.8}, {0.783, 0.65, 0.9}, {0.6, none, none}},
	}).Encode)
	golden(t, "testdata/comparisonone.png", (&Comparison{Arms: []string{"only"}, Pairs: [][]float64{{1}}, Means: []Mean{{1, none, none}}}).Encode)
}

// Many points keep their extremes and their order, and few are as they were.
func TestThinned(t *testing.T) {
	points := make(plotter.XYs, 100_000)
	for i := range points {
		points[i] = plotter.XY{X: float64(i), Y: math.Sin(float64(i))}
	}
	points[777].Y, points[50_001].Y = 9, -9
	got := thinned(points)
	if len(got) > 2000 || !slices.Contains(got, points[777]) || !slices.Contains(got, points[50_001]) {
		t.Errorf("%d points, without the highest or the lowest", len(got))
	}
	if !slices.IsSortedFunc(got, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) }) {
		t.Error("points are out of order")
	}
	if got := thinned(points[:500]); len(got) != 500 {
		t.Errorf("%d of 500 points", len(got))
	}
}
