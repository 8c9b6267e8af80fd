package golden

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder is a test that records its failure and continues.
type recorder struct {
	testing.TB
	failure string
}

func (r *recorder) Helper()                           {}
func (r *recorder) Errorf(format string, args ...any) { r.failure = fmt.Sprintf(format, args...) }

func TestClose(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		got, want []float32
		rtol      float64
		failure   string // start of it; "" passes
	}{
		{[]float32{1, -100}, []float32{2, -100}, 0.01, ""}, // off by exactly 1 % of the largest
		{[]float32{1, -100}, []float32{2.5, -100}, 0.01, "x: element 0 is 1, want 2.5"},
		{[]float32{0, 0}, []float32{0, 0}, 0.01, ""},
		{[]float32{0, 1e-30}, []float32{0, 0}, 0.01, "x: element 1"},
		{[]float32{1, nan, 9}, []float32{1, 1, 1}, 0.5, "x: element 1 is NaN"},
		{[]float32{1, 2}, []float32{nan, 2}, 0.5, "x: element 0"},
		{[]float32{1, 1}, []float32{inf, 1}, 0.5, "x: element 0"},
		{[]float32{inf}, []float32{inf}, 0.5, "x: element 0"},
		{[]float32{1}, []float32{1, 1}, 0.5, "x: 1 elements, want 2"},
		{nil, nil, 0, ""},
	} {
		r := &recorder{TB: t}
		Close(r, "x", c.got, c.want, c.rtol)
		if c.failure == "" && r.failure != "" || !strings.HasPrefix(r.failure, c.failure) {
			t.Errorf("Close(%v, %v, %g) says %q, want %q", c.got, c.want, c.rtol, r.failure, c.failure)
		}
	}
}

// TestCase reads the parts that a case should have.
func TestCase(t *testing.T) {
	for _, c := range Cases(t, "net_") {
		if c.String("kind") != "net" || !(c.RTol() > 0) || len(c.Layers()) == 0 {
			t.Errorf("%s: kind %s, rtol %g, %d layers", c.Name, c.String("kind"), c.RTol(), len(c.Layers()))
		}
		x, shape := c.Float32(t, "x")
		if len(shape) != 4 || len(x) != shape[0]*shape[1]*shape[2]*shape[3] {
			t.Errorf("%s: x has shape %v and %d elements", c.Name, shape, len(x))
		}
		if labels := c.Ints(t, "labels"); len(labels) != shape[0] {
			t.Errorf("%s: %d labels for %d samples", c.Name, len(labels), shape[0])
		}
		if masked := strings.HasSuffix(c.Name, "_masked"); c.Has("keep_fine") != masked {
			t.Errorf("%s: keep_fine is there: %v", c.Name, !masked)
		}
	}
}

func TestDirOfEnvironment(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("BACKDROP_GOLDEN", dir)
	if got := Dir(t); got != dir {
		t.Errorf("Dir is %s, want %s", got, dir)
	}
	t.Setenv("BACKDROP_GOLDEN", "internal/testkit/golden")
	if here, err := os.Getwd(); err != nil || Dir(t) != here {
		t.Errorf("a relative name is %s, want %s", Dir(t), here)
	}
	t.Setenv("BACKDROP_GOLDEN", "")
	if got := Dir(t); got == dir || filepath.Base(got) != "vectors" {
		t.Errorf("Dir is %s", got)
	}
}
