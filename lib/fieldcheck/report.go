package fieldcheck

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"backdrop/lib/dims"
	"backdrop/lib/finite"
)

// A Test compares a figure with what it must be.
type Test struct {
	Name     string  // what is measured
	Measured float64 // of the fields
	Expected float64 // by the claim
	StdErr   float64 // of the measured figure if the claim holds; the tolerance of an exact test
	P        float64 // the probability of a deviation at least as large if the claim holds
	Exact    bool    // the figure must be within the tolerance; there is no P
}

// Report is the result of all tests.
type Report struct {
	Claim      Claim   // what is tested
	Fields     int     // how many fields there are
	FalseAlarm float64 // the probability that a report of fields that are as claimed fails
	Level      float64 // of one test: a smaller P fails
	Tests      []Test  // in the order in which they are written
	Skewness   float64 // of all values, for information
	Kurtosis   float64 // 3 for normal values
}

// Count says in words how many fields of a shape there are: 1 field of 128x97, 128 sequences of 97.
func Count(n int, shape []int) string {
	what := "field"
	if len(shape) == 1 {
		what = "sequence"
	}
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s of %s", n, what, dims.Text(shape))
}

// finish divides the probability of a false alarm among the tests that can give one.
func (r *Report) finish() {
	n := 0
	for _, t := range r.Tests {
		if !t.Exact {
			n++
		}
	}
	r.Level = r.FalseAlarm / float64(max(1, n))
}

func (r *Report) passes(t Test) bool {
	if t.Exact {
		return math.Abs(t.Measured-t.Expected) <= t.StdErr
	}
	return t.P >= r.Level
}

// Failed returns the tests that fail, in the order of the report.
func (r *Report) Failed() []Test {
	var out []Test
	for _, t := range r.Tests {
		if !r.passes(t) {
			out = append(out, t)
		}
	}
	return out
}

// Err says in one line what fails, nil if nothing does.
func (r *Report) Err() error {
	failed := r.Failed()
	if len(failed) == 0 {
		return nil
	}
	worst := failed[0]
	for _, t := range failed {
		if worse(t, worst) {
			worst = t
		}
	}
	detail := fmt.Sprintf("%.4g, want %.4g ± %.2g", worst.Measured, worst.Expected, worst.StdErr)
	if !worst.Exact {
		detail += fmt.Sprintf(" (p = %.2g, limit %.2g)", worst.P, r.Level)
	}
	return fmt.Errorf("fields are not %s: %d of %d tests fail, above all %q: %s", r.Claim.String(), len(failed), len(r.Tests), worst.Name, detail)
}

// worse orders failures: exact tests first, then by P, and by standard errors where P is 0 because it is too small.
func worse(a, b Test) bool {
	if a.Exact != b.Exact {
		return a.Exact
	}
	if a.P != b.P {
		return a.P < b.P
	}
	return math.Abs(a.Measured-a.Expected)/a.StdErr > math.Abs(b.Measured-b.Expected)/b.StdErr
}

// WriteText writes the report as a table.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "claim: %s\ntested: %s\nfields: %d; false alarms: %g of all reports, %.2g of each test\n\n", r.Claim.String(), Count(r.Fields, r.Claim.Shape), r.Fields, r.FalseAlarm, r.Level)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "test\tmeasured\texpected\t±\tp\t\n")
	for _, test := range r.Tests {
		p := fmt.Sprintf("%.3g", test.P)
		if test.Exact {
			p = "exact"
		}
		verdict := "ok"
		if !r.passes(test) {
			verdict = "FAIL"
		}
		fmt.Fprintf(t, "%s\t%.6g\t%.6g\t%.2g\t%s\t%s\n", test.Name, test.Measured, test.Expected, test.StdErr, p, verdict)
	}
	t.Flush()
	verdict := "all tests pass"
	if n := len(r.Failed()); n > 0 {
		verdict = fmt.Sprintf("%d of %d tests FAIL", n, len(r.Tests))
	}
	fmt.Fprintf(&b, "\nskewness %.3f, kurtosis %.3f (normal: 0, 3)\n%s\n", r.Skewness, r.Kurtosis, verdict)
	_, err := io.WriteString(w, b.String())
	return err
}

// MarshalJSON writes the report as an object. A figure that is not finite is null.
func (r *Report) MarshalJSON() ([]byte, error) {
	type test struct {
		Name      string   `json:"name"`
		Measured  *float64 `json:"measured"`
		Expected  *float64 `json:"expected"`
		StdErr    *float64 `json:"stderr,omitempty"`
		Tolerance *float64 `json:"tolerance,omitempty"`
		P         *float64 `json:"p,omitempty"`
		Pass      bool     `json:"pass"`
	}
	orNull := func(v float64) *float64 {
		if !finite.Is(v) {
			return nil
		}
		return &v
	}
	boundary := "torus"
	if r.Claim.Open {
		boundary = "open"
	}
	out := struct {
		Kernel       string   `json:"kernel"`
		Length       any      `json:"length"`
		Shape        []int    `json:"shape"`
		Boundary     string   `json:"boundary"`
		Variance     float64  `json:"variance"`
		Nugget       float64  `json:"nugget"`
		Standardised bool     `json:"standardised"`
		Fields       int      `json:"fields"`
		Tested       string   `json:"tested"`
		FalseAlarm   float64  `json:"false_alarm"`
		Level        float64  `json:"level"`
		Pass         bool     `json:"pass"`
		Skewness     *float64 `json:"skewness"`
		Kurtosis     *float64 `json:"kurtosis"`
		Tests        []test   `json:"tests"`
	}{r.Claim.Kernel.String(), r.Claim.Length, r.Claim.Shape, boundary, r.Claim.Variance, r.Claim.Nugget, r.Claim.Standardised,
		r.Fields, Count(r.Fields, r.Claim.Shape), r.FalseAlarm, r.Level, len(r.Failed()) == 0, orNull(r.Skewness), orNull(r.Kurtosis), nil}
	for _, t := range r.Tests {
		row := test{Name: t.Name, Measured: orNull(t.Measured), Expected: orNull(t.Expected), Pass: r.passes(t)}
		if t.Exact {
			row.Tolerance = orNull(t.StdErr)
		} else {
			row.StdErr, row.P = orNull(t.StdErr), orNull(t.P)
		}
		out.Tests = append(out.Tests, row)
	}
	return json.Marshal(out)
}
