package metric

import (
	"encoding/json"
	"fmt"
	"math"

	"backdrop/lib/finite"
)

// Value is a figure, or the reason why there is none.
type Value struct {
	V        float64   // the figure, 0 if there is none
	Reason   string    // empty if V is the figure
	Interval *Interval // of V; nil if none was asked for
}

// Interval is a confidence interval, or the reason why there is none.
type Interval struct {
	Low, High float64 // its ends
	Method    string  // how it was found
	Reason    string  // empty if Low and High are the interval
}

func undefined(format string, args ...any) Value { return Value{Reason: fmt.Sprintf(format, args...)} }

// Defined reports whether v is a figure.
func (v Value) Defined() bool { return v.Reason == "" }

// With returns v with an interval, whose ends must be finite: else there is none.
func (v Value) With(i Interval) Value {
	if !finite.Is(i.High - i.Low) {
		i = Interval{Reason: beyondRange}
	}
	v.Interval = &i
	return v
}

// Missing says what is undefined, the figure or its interval, and why; empty if nothing is.
func (v Value) Missing() string {
	if v.Defined() && v.Interval != nil && v.Interval.Reason != "" {
		return "no interval: " + v.Interval.Reason
	}
	return v.Reason
}

// decimals writes a number with four decimals, or with an exponent where that would be long.
func decimals(v float64) string {
	if math.Abs(v) >= 1e9 {
		return fmt.Sprintf("%.6g", v)
	}
	return fmt.Sprintf("%.4f", v)
}

// String returns the figure to four decimals, or why it is undefined.
func (v Value) String() string {
	if !v.Defined() {
		return "undefined (" + v.Reason + ")"
	}
	return decimals(v.V)
}

// String returns the interval to four decimals, or why it is undefined.
func (i Interval) String() string {
	if i.Reason != "" {
		return "no interval (" + i.Reason + ")"
	}
	return decimals(i.Low) + " to " + decimals(i.High)
}

// MarshalJSON returns {"value": 0.73}, with "low", "high" and "method" if v has an interval. What is undefined is null,
// and "reason" says why.
func (v Value) MarshalJSON() ([]byte, error) {
	type object struct {
		Value  *float64 `json:"value"`
		Reason string   `json:"reason,omitempty"`
	}
	if !v.Defined() {
		return json.Marshal(object{Reason: v.Reason})
	}
	if v.Interval == nil {
		return json.Marshal(object{Value: &v.V})
	}
	type estimate struct {
		Value  float64  `json:"value"`
		Low    *float64 `json:"low"`
		High   *float64 `json:"high"`
		Method string   `json:"method,omitempty"`
		Reason string   `json:"reason,omitempty"`
	}
	if i := v.Interval; i.Reason == "" {
		return json.Marshal(estimate{v.V, &i.Low, &i.High, i.Method, ""})
	}
	return json.Marshal(estimate{Value: v.V, Reason: v.Interval.Reason})
}

// Average says how the figures of classes become one.
type Average uint8

const (
	Macro    Average = iota // the mean over classes
	Weighted                // the mean weighted by the number of samples of a class
)

// averaging is a mean that is being taken. A value that is undefined makes the mean so, unless its weight is 0.
type averaging struct {
	Average
	sum, total float64
	missing    Value
}

// weight is that of a figure of support samples.
func (a Average) weight(support int) float64 {
	if a == Weighted {
		return float64(support)
	}
	return 1
}

// add takes in a figure of support samples.
func (m *averaging) add(v Value, support int) {
	weight := m.weight(support)
	if weight == 0 {
		return
	}
	if !v.Defined() && m.missing.Defined() {
		m.missing = v
	}
	m.sum += weight * v.V
	m.total += weight
}

// ofWeight is the influence that a sample has on a weighted mean through the weight of its class: one more sample of the
// figure makes that weight larger. For other means it is 0.
func (m *averaging) ofWeight(figure, mean float64) float64 {
	if m.Average == Macro {
		return 0
	}
	return (figure - mean) / m.total
}

func (m *averaging) value() Value {
	if !m.missing.Defined() {
		return m.missing
	}
	return ratio(m.sum, m.total, "no samples")
}

// ratio returns a/b, which is undefined if b is 0.
func ratio(a, b float64, reason string) Value {
	if b == 0 {
		return Value{Reason: reason}
	}
	return Value{V: a / b}
}
