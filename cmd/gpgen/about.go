package main

import (
	"strconv"
	"strings"

	"backdrop/formats/npy"
	"backdrop/lib/gp"
)

// about returns what made the data set, for its description in a stream.
func (o *options) about() any {
	if o.crossing != nil {
		return struct {
			Fields string    `json:"fields"`
			Shape  []int     `json:"shape"`
			Power  []float64 `json:"power"`
		}{o.fields, o.crossing.shape, o.crossing.power}
	}
	boundary, wrapFactor := o.boundary, 0.0
	if o.spec.Patches {
		boundary, wrapFactor = "patches", o.wrapFactor
	}
	return struct {
		Kernel      string        `json:"kernel"`
		Boundary    string        `json:"boundary"`
		WrapFactor  float64       `json:"wrap_factor,omitempty"`
		Shape       []int         `json:"shape"`
		Scales      [][]gp.Length `json:"scales"`
		Power       []float64     `json:"power"`
		Nugget      float64       `json:"nugget"`
		Standardise string        `json:"standardise"`
		Seed        uint64        `json:"seed"`
	}{o.kernel, boundary, wrapFactor, o.spec.Shape, o.spec.Scales, o.spec.Power, o.spec.Nugget, o.standardise, o.seed}
}

// aboutSample returns what made a sample.
func (o *options) aboutSample(number int, class string) any {
	if o.crossing != nil {
		var fields []string
		for _, f := range o.crossing.fields(number) {
			fields = append(fields, f.String())
		}
		return struct {
			Sample int      `json:"sample"`
			Class  string   `json:"class"`
			Fields []string `json:"fields"`
		}{number, class, fields}
	}
	return struct {
		Sample  int         `json:"sample"`
		Class   string      `json:"class"`
		Lengths []gp.Length `json:"lengths"`
		Seed    uint64      `json:"seed"`
	}{number, class, o.spec.Lengths(o.spec.Class(number)), o.seed}
}

// command returns the arguments that draw the whole data set, always in the same spelling. It leaves out where the data set
// goes, how fast it is drawn, and which shard this is, so that all shards of a data set describe it alike.
func (o *options) command() []string {
	args := []string{"-n", strconv.Itoa(o.n)}
	add := func(flag, value, unless string) {
		if value != unless {
			args = append(args, flag, value)
		}
	}
	if c := o.crossing; c != nil {
		args = append(args, "--fields", o.fields, "--shape", join(c.shape, strconv.Itoa), "--power", join(c.power, number))
	} else {
		var scales []string
		for _, lengths := range o.spec.Scales {
			scales = append(scales, join(lengths, gp.Length.String))
		}
		args = append(args, "--shape", join(o.spec.Shape, strconv.Itoa), "--scales", strings.Join(scales, ":"),
			"--power", join(o.spec.Power, number), "--seed", strconv.FormatUint(o.seed, 10))
		usual := defaults()
		add("--kernel", o.kernel, usual.kernel)
		add("--boundary", o.boundary, usual.boundary)
		add("--method", o.method, usual.method)
		add("--wrap-factor", number(o.wrapFactor), number(usual.wrapFactor))
		add("--nugget", number(o.nugget), number(usual.nugget))
		add("--standardise", o.standardise, usual.standardise)
	}
	add("--start", strconv.Itoa(o.start), "0")
	if o.element != npy.Float32 {
		args = append(args, "--dtype", o.dtype)
	}
	return args
}

// number writes a number with as many digits as tell it from its neighbours.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// join puts commas between items.
func join[T any](items []T, text func(T) string) string {
	var out []string
	for _, v := range items {
		out = append(out, text(v))
	}
	return strings.Join(out, ",")
}
