package metric

import (
	"encoding/json"
	"fmt"
)

// Value is a figure, or the reason why there is none.
type Value struct {
	V      float64
	Reason string // empty if V is the figure
}

func undefined(format string, args ...any) Value { return Value{Reason: fmt.Sprintf(format, args...)} }

// Defined reports whether v is a figure.
func (v Value) Defined() bool { return v.Reason == "" }

// String returns the figure to four decimals, or why it is undefined.
func (v Value) String() string {
	if !v.Defined() {
		return "undefined (" + v.Reason + ")"
	}
	return fmt.Sprintf("%.4f", v.V)
}

// MarshalJSON returns {"value": 0.73}, or {"value": null, "reason": "…"}.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.Defined() {
		return json.Marshal(struct {
			Value float64 `json:"value"`
		}{v.V})
	}
	return json.Marshal(struct {
		Value  *float64 `json:"value"`
		Reason string   `json:"reason"`
	}{nil, v.Reason})
}

// Average says how the figures of classes become one.
type Average uint8

const (
	Macro    Average = iota // the mean over classes
	Weighted                // the mean weighted by the number of samples of a class
)

// mean averages the figures of the classes, of which each has support samples. A value that is undefined makes the
// mean so, unless its weight is 0.
func mean(values []Value, support []int, a Average) Value {
	var sum, total float64
	for i, v := range values {
		weight := 1.0
		if a == Weighted {
			weight = float64(support[i])
		}
		if weight == 0 {
			continue
		}
		if !v.Defined() {
			return v
		}
		sum += weight * v.V
		total += weight
	}
	return ratio(sum, total, "no samples")
}

// ratio returns a/b, which is undefined if b is 0.
func ratio(a, b float64, reason string) Value {
	if b == 0 {
		return Value{Reason: reason}
	}
	return Value{V: a / b}
}
