package fieldcheck

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"backdrop/lib/gp"
)

func small() *Report {
	r := &Report{
		Claim: Claim{Kernel: gp.SE, Length: gp.Length{10, 20}, Shape: []int{32, 64}, Variance: 1}, Fields: 3, FalseAlarm: 0.01, Kurtosis: math.NaN(),
		Tests: []Test{
			{Name: "sum", Measured: 1, Expected: 1, StdErr: 1e-12, Exact: true},
			{Name: "mean", Measured: 0.5, StdErr: 0.1, P: 6e-7},
			{Name: "power", Measured: 1.1, Expected: 1, StdErr: 0.1, P: 0.32},
		},
	}
	r.finish()
	return r
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		n     int
		shape []int
		want  string
	}{
		{1, []int{97}, "1 sequence of 97"}, {128, []int{97}, "128 sequences of 97"}, {1, []int{128, 97}, "1 field of 128x97"}, {2, []int{4, 5, 6}, "2 fields of 4x5x6"},
	} {
		if got := Count(c.n, c.shape); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestReportText(t *testing.T) {
	var b strings.Builder
	if err := small().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := `claim: se, length 10x20, 32x64, torus, variance 1
tested: 3 fields of 32x64
fields: 3; false alarms: 0.01 of all reports, 0.005 of each test

test   measured  expected  ±      p      
sum    1         1         1e-12  exact  ok
mean   0.5       0         0.1    6e-07  FAIL
power  1.1       1         0.1    0.32   ok

skewness 0.000, kurtosis NaN (normal: 0, 3)
1 of 3 tests FAIL
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

func TestReportJSON(t *testing.T) {
	b, err := json.Marshal(small())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"kernel":"se","length":[10,20],"shape":[32,64],"boundary":"torus","variance":1,"nugget":0,"standardised":false,"fields":3,` +
		`"tested":"3 fields of 32x64","false_alarm":0.01,"level":0.005,"pass":false,"skewness":0,"kurtosis":null,"tests":[` +
		`{"name":"sum","measured":1,"expected":1,"tolerance":1e-12,"pass":true},` +
		`{"name":"mean","measured":0.5,"expected":0,"stderr":0.1,"p":6e-7,"pass":false},` +
		`{"name":"power","measured":1.1,"expected":1,"stderr":0.1,"p":0.32,"pass":true}]}`
	if string(b) != want {
		t.Errorf("got\n%s\nwant\n%s", b, want)
	}
}

func TestReportErr(t *testing.T) {
	r := small()
	want := `fields are not se, length 10x20, 32x64, torus, variance 1: 1 of 3 tests fail, above all "mean": 0.5, want 0 ± 0.1 (p = 6e-07, limit 0.005)`
	if err := r.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	// What is not a number passes nothing.
	r.Tests = r.Tests[:1]
	r.Tests[0].Measured = math.NaN()
	if r.Err() == nil {
		t.Error("an exact test passes with NaN")
	}
	r.Tests[0] = Test{P: math.NaN()}
	if r.Err() == nil {
		t.Error("p that is NaN passes")
	}
	r.Tests = nil
	if err := r.Err(); err != nil {
		t.Errorf("nothing fails: %v", err)
	}
}
