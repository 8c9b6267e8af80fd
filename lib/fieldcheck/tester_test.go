package fieldcheck

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/gp"
	"backdrop/lib/patchwork"
)

// spec draws what a claim says.
func spec(c Claim) gp.Spec {
	return gp.Spec{Shape: c.Shape, Scales: [][]gp.Length{{c.Length}}, Power: []float64{1}, Seed: 1, Kernel: c.Kernel, Open: c.Open, Nugget: c.Nugget, Raw: !c.Standardised}
}

// report draws n fields, changes them, and tests them.
func report(t testing.TB, c Claim, spec gp.Spec, first, n int, change func(i int, x []float32), falseAlarm float64) *Report {
	t.Helper()
	tester, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gp.NewSampler(spec)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, dims.Count(c.Shape))
	for i := range n {
		s.Draw(first+i, x)
		if change != nil {
			change(i, x)
		}
		if err := tester.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	r, err := tester.Report(falseAlarm)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Our own fields pass, for every kernel and boundary, on shapes that are odd, prime and not square, and with as few
// independent modes as are allowed. And p is what it says: as often below a twentieth as it should be.
func TestOwnFieldsPass(t *testing.T) {
	for _, c := range []struct {
		Claim
		fields, reports int
	}{
		{Claim{Kernel: gp.SE, Length: gp.Length{3}, Shape: []int{48, 70}}, 4, 30},
		{Claim{Kernel: gp.SE, Length: gp.Length{3}, Shape: []int{48, 70}, Standardised: true}, 4, 30},
		{Claim{Kernel: gp.SE, Length: gp.Length{10}, Shape: []int{37, 41}, Standardised: true}, 10, 100},
		{Claim{Kernel: gp.SE, Length: gp.Length{10}, Shape: []int{37, 41}}, 4, 200},
		{Claim{Kernel: gp.SE, Length: gp.Length{0.7}, Shape: []int{17, 16}}, 4, 100},
		{Claim{Kernel: gp.SE, Length: gp.Length{4, 8}, Shape: []int{64, 31}, Nugget: 0.1}, 4, 50},
		{Claim{Kernel: gp.Matern32, Length: gp.Length{3, 5}, Shape: []int{31, 30}}, 3, 100},
		{Claim{Kernel: gp.Matern52, Length: gp.Length{3}, Shape: []int{29, 23}, Standardised: true}, 3, 100},
		{Claim{Kernel: gp.Matern12, Length: gp.Length{8}, Shape: []int{300}}, 3, 200},
		{Claim{Kernel: gp.Matern12, Length: gp.Length{2, 1}, Shape: []int{31, 1}, Standardised: true}, 9, 200},
		{Claim{Kernel: gp.SE, Length: gp.Length{2}, Shape: []int{10, 12, 9}}, 3, 60},
		{Claim{Kernel: gp.Matern32, Length: gp.Length{2, 1, 3}, Shape: []int{7, 10, 11}, Standardised: true}, 3, 60},
		{Claim{Kernel: gp.SE, Length: gp.Length{3}, Shape: []int{43, 50}, Open: true}, 4, 50},
		{Claim{Kernel: gp.SE, Length: gp.Length{5}, Shape: []int{307}, Open: true}, 4, 200},
		{Claim{Kernel: gp.Matern32, Length: gp.Length{3, 2}, Shape: []int{31, 40}, Open: true, Nugget: 0.2}, 4, 50},
		{Claim{Kernel: gp.Matern52, Length: gp.Length{20}, Shape: []int{40, 30}, Open: true}, 60, 50},
		{Claim{Kernel: gp.Matern12, Length: gp.Length{3}, Shape: []int{41}, Open: true}, 20, 100},
		{Claim{Kernel: gp.Matern12, Length: gp.Length{1.5}, Shape: []int{7, 8, 9}, Open: true}, 5, 20},
	} {
		low, all := 0, 0
		if testing.Short() {
			c.reports = min(c.reports, 10)
		}
		for i := range c.reports {
			r := report(t, c.Claim, spec(c.Claim), i*c.fields, c.fields, nil, 1e-4)
			if err := r.Err(); err != nil {
				t.Errorf("seed 1 from sample %d: %v", i*c.fields, err)
			}
			for _, test := range r.Tests {
				if !test.Exact {
					all++
					if test.P < 0.05 {
						low++
					}
				}
			}
		}
		// The tests of a report depend on each other: about 10 are independent.
		part := float64(low) / float64(all)
		stderr := math.Sqrt(0.05 * 0.95 / float64(10*c.reports))
		if !(math.Abs(part-0.05) <= 4*stderr+0.01) {
			t.Errorf("%s: a part of %.3f of all p is below 0.05", c.Claim.String(), part)
		}
	}
}

// along adds (factor-1) times the part of x with a given sign pattern along the last axis: constant, or alternating.
func along(x []float32, width int, alternating bool, factor float64) {
	for row := range len(x) / width {
		line := x[row*width:][:width]
		sign := func(i int) float64 {
			if alternating && i%2 == 1 {
				return -1
			}
			return 1
		}
		mean := 0.0
		for i, v := range line {
			mean += sign(i) * float64(v) / float64(width)
		}
		for i := range line {
			line[i] += float32((factor - 1) * mean * sign(i))
		}
	}
}

// Fields that are not as claimed fail, by the test that should find it.
func TestRefuted(t *testing.T) {
	torus := Claim{Kernel: gp.SE, Length: gp.Length{4}, Shape: []int{60, 70}}
	matern := Claim{Kernel: gp.Matern32, Length: gp.Length{4}, Shape: []int{60, 70}}
	open := Claim{Kernel: gp.SE, Length: gp.Length{4}, Shape: []int{120, 100}, Open: true}
	length := func(s gp.Spec, l ...float64) gp.Spec {
		s.Scales = [][]gp.Length{{l}}
		return s
	}
	standardised := func(c Claim) Claim {
		c.Standardised = true
		return c
	}
	white := rand.New(rand.NewPCG(1, 2))
	normals := func(_ int, x []float32) {
		for i := range x {
			x[i] = float32(white.NormFloat64())
		}
	}
	first := make([]float32, dims.Count(torus.Shape))
	for name, c := range map[string]struct {
		claim  Claim
		spec   gp.Spec
		fields int
		change func(i int, x []float32)
		by     string
	}{
		"length 3 % short":                 {torus, length(spec(torus), 0.97*4), 10, nil, "power at 2πl/wavelength"},
		"length 3 % long":                  {torus, length(spec(torus), 1.03*4), 10, nil, "power at 2πl/wavelength"},
		"length 3 % short, standardised":   {standardised(torus), length(spec(standardised(torus)), 0.97*4), 10, nil, "power at 2πl/wavelength"},
		"length 3 % long, standardised":    {standardised(torus), length(spec(standardised(torus)), 1.03*4), 10, nil, "power at 2πl/wavelength"},
		"Matérn length 3 % short":          {matern, length(spec(matern), 0.97*4), 30, nil, "power of all modes"},
		"Matérn length 3 % long":           {standardised(matern), length(spec(standardised(matern)), 1.03*4), 100, nil, "power at 2πl/wavelength"},
		"length 3 % short in open space":   {open, length(spec(open), 0.97*4), 60, nil, "increment"},
		"length 3 % long in open space":    {open, length(spec(open), 1.03*4), 60, nil, "increment"},
		"length longer along one axis":     {torus, length(spec(torus), 4, 4.2), 10, nil, "isotropy"},
		"longer along one axis, in open":   {open, length(spec(open), 4, 4.4), 40, nil, "isotropy"},
		"another kernel":                   {matern, gp.Spec{Shape: matern.Shape, Scales: [][]gp.Length{{{4}}}, Power: []float64{1}, Kernel: gp.Matern52, Raw: true}, 10, nil, "power at 2πl/wavelength"},
		"another kernel in open space":     {open, gp.Spec{Shape: open.Shape, Scales: [][]gp.Length{{{4}}}, Power: []float64{1}, Kernel: gp.Matern52, Open: true, Raw: true}, 10, nil, "increment"},
		"half power on the zero line":      {torus, spec(torus), 10, func(_ int, x []float32) { along(x, 70, false, math.Sqrt(0.5)) }, "power at frequency 0 of axis 1"},
		"half power on the Nyquist line":   {matern, spec(matern), 10, func(_ int, x []float32) { along(x, 70, true, math.Sqrt(0.5)) }, "power at the Nyquist frequency of axis 1"},
		"half power, standardised":         {standardised(matern), spec(standardised(matern)), 10, func(_ int, x []float32) { along(x, 70, true, math.Sqrt(0.5)) }, "power at the Nyquist frequency of axis 1"},
		"patches of the nominal length":    {Claim{Kernel: gp.SE, Length: gp.Length{8}, Shape: []int{150, 150}, Standardised: true}, gp.Spec{Shape: []int{150, 150}, Scales: [][]gp.Length{{{8}}}, Power: []float64{1}, Patches: true, WrapFactor: patchwork.DefaultWrapFactor}, 4, nil, "power of faint modes"},
		"patches in open space":            {Claim{Kernel: gp.SE, Length: gp.Length{8}, Shape: []int{150, 150}, Open: true}, gp.Spec{Shape: []int{150, 150}, Scales: [][]gp.Length{{{8}}}, Power: []float64{1}, Patches: true, WrapFactor: patchwork.DefaultWrapFactor, Raw: true}, 4, nil, "increment"},
		"white noise":                      {torus, spec(torus), 4, normals, "power of faint modes"},
		"white noise in open space":        {open, spec(open), 4, normals, "covariance at lag 1,0"},
		"a little white noise":             {torus, spec(torus), 10, func(i int, x []float32) { addNoise(x, 1e-3, white) }, "power of faint modes"},
		"open space for a torus":           {torus, gp.Spec{Shape: torus.Shape, Scales: [][]gp.Length{{{4}}}, Power: []float64{1}, Open: true, Raw: true}, 4, nil, "power of faint modes"},
		"a torus for open space":           {Claim{Kernel: gp.SE, Length: gp.Length{8}, Shape: []int{40, 16}, Open: true}, gp.Spec{Shape: []int{40, 16}, Scales: [][]gp.Length{{{8}}}, Power: []float64{1}, Raw: true}, 200, nil, "covariance at lag 0,8"},
		"variance 10 % too large":          {torus, spec(torus), 40, func(_ int, x []float32) { scale(x, math.Sqrt(1.1), 0) }, "power of all modes"},
		"variance too large in open":       {open, spec(open), 40, func(_ int, x []float32) { scale(x, math.Sqrt(1.1), 0) }, "covariance at lag 0,0"},
		"mean not 0":                       {torus, spec(torus), 10, func(_ int, x []float32) { scale(x, 1, 0.3) }, "mean"},
		"mean not 0 in open space":         {open, spec(open), 10, func(_ int, x []float32) { scale(x, 1, 0.3) }, "mean"},
		"mean of the standardised not 0":   {standardised(torus), spec(standardised(torus)), 4, func(_ int, x []float32) { scale(x, 1, 1e-3) }, "mean of a field"},
		"standardised to another size":     {standardised(torus), spec(standardised(torus)), 4, func(_ int, x []float32) { scale(x, 1.001, 0) }, "root mean square"},
		"not normal":                       {open, spec(open), 40, func(_ int, x []float32) { cubed(x) }, "normality: tails"},
		"one field again and again":        {matern, spec(matern), 10, func(i int, x []float32) { again(i, x, first) }, "scatter of the powers"},
		"variance that changes with place": {matern, spec(matern), 10, func(_ int, x []float32) { ramp(x, 70) }, "stationarity: correlation of neighbouring modes along axis 1"},
		"rotated by a shear":               {torus, spec(torus), 10, func(_ int, x []float32) { shear(x, 70) }, "diagonals"},
	} {
		r := report(t, c.claim, c.spec, 0, c.fields, c.change, 1e-4)
		if r.Err() == nil {
			t.Errorf("%s: passes", name)
			continue
		}
		if !slices.ContainsFunc(r.Failed(), func(test Test) bool { return strings.HasPrefix(test.Name, c.by) || strings.Contains(test.Name, c.by) }) {
			t.Errorf("%s: not found by %q, but %v", name, c.by, r.Err())
		}
	}
}

func scale(x []float32, factor, offset float64) {
	for i, v := range x {
		x[i] = float32(factor*float64(v) + offset)
	}
}

func addNoise(x []float32, deviation float64, r *rand.Rand) {
	for i := range x {
		x[i] += float32(deviation * r.NormFloat64())
	}
}

// cubed makes the tails of normal values heavier, and keeps the variance: that of v + v³/10 is 1 + 0.6 + 0.15.
func cubed(x []float32) {
	for i, v := range x {
		x[i] = (v + v*v*v/10) / float32(math.Sqrt(1.75))
	}
}

func again(i int, x, first []float32) {
	if i == 0 {
		copy(first, x)
	}
	copy(x, first)
}

// ramp makes the variance change by a period of a sine along the last axis, and keeps its mean.
func ramp(x []float32, width int) {
	for i := range x {
		x[i] *= float32(math.Sqrt(1 + 0.3*math.Sin(2*math.Pi*float64(i%width)/float64(width))))
	}
}

// shear moves every row by one pixel more than the one before, around the torus.
func shear(x []float32, width int) {
	for row := range len(x) / width {
		line := x[row*width:][:width]
		k := row % width
		moved := append(slices.Clone(line[k:]), line[:k]...)
		copy(line, moved)
	}
}

func TestBadInput(t *testing.T) {
	good := Claim{Kernel: gp.SE, Length: gp.Length{2}, Shape: []int{8, 9}}
	for _, c := range []struct {
		change func(c *Claim)
		want   string
	}{
		{func(c *Claim) { c.Length = gp.Length{0} }, "length must be positive and finite, got 0"},
		{func(c *Claim) { c.Length = gp.Length{20} }, "longer than a torus of 8 px can hold"},
		{func(c *Claim) { c.Shape = nil }, "shape must be one to three sizes, got 0"},
		{func(c *Claim) { c.Shape = []int{1 << 30, 1 << 30} }, "testing fields of 1073741824x1073741824 pixels needs 67108864.0 TiB of memory, this machine has"},
		{func(c *Claim) { c.Variance = -1 }, "variance must be positive and finite, got -1"},
		{func(c *Claim) { c.Open, c.Standardised = true, true }, "standardised fields cannot be tested in open space"},
	} {
		claim := good
		c.change(&claim)
		if _, err := New(claim); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	for _, c := range []struct {
		change func(x []float32)
		want   string
	}{
		{func(x []float32) { x[22] = float32(math.NaN()) }, "field 1: value NaN at [2 4]"},
		{func(x []float32) { x[0] = float32(math.Inf(-1)) }, "field 1: value -Inf at [0 0]"},
		{func(x []float32) { clear(x) }, "field 1 is constant, 0 everywhere"},
	} {
		tester, err := New(good)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tester.Report(1e-4); err == nil || err.Error() != "no fields to test" {
			t.Errorf("no fields: got %v", err)
		}
		s, err := gp.NewSampler(spec(good))
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float32, 72)
		s.Draw(0, x)
		if err := tester.Add(x); err != nil {
			t.Fatal(err)
		}
		if _, err := tester.Report(1e-4); err == nil || err.Error() != "1 fields with 47 independent modes each are too few to test; give at least 3, or larger ones" {
			t.Errorf("too few: got %v", err)
		}
		c.change(x)
		if err := tester.Add(x); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if _, err := tester.Report(0); err == nil {
			t.Error("a false alarm of 0 is taken")
		}
	}
}
