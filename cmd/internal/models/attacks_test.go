package models

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"backdrop/formats/model"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
)

// TestAttacks: a model that is not what it says is refused by one line, and takes no more memory than a multiple of what was read.
func TestAttacks(t *testing.T) {
	const sound = `{"network":"input c=1 h=2 w=2\nflatten\nlinear out=2","classes":["a","b"],"std":1}`
	meta := func(old, new string) string { return strings.Replace(sound, old, new, 1) }
	weight, bias := param(t, "1.weight", 2, 4), param(t, "1.bias", 2)
	nan := weight
	nan.Data = nan.Data[:len(nan.Data)-4] + "\x00\x00\xc0\x7f"
	huge := weight
	huge.Data = hostile.NPY("'<f4'", "(16777216, 16777216)", "")
	var many []hostile.Entry
	for i := range model.MaxArrays + 1 {
		many = append(many, hostile.Entry{Name: fmt.Sprintf("optim/%d.npy", i), Data: hostile.NPY("'|u1'", "(0,)", "")})
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"sound", packed(t, sound, weight, bias), ""},
		{"parameters of another network", packed(t, sound, param(t, "1.weight", 2, 5), bias), "parameter 1.weight has shape [2 5], the network needs [2 4]"},
		{"a network of 64 GiB", packed(t, meta("flatten", `flatten\nlinear out=16777216\nlinear out=1024`), weight, bias), "the network has 6 parameters, the file holds 2"},
		{"a layer of 4 GiB", packed(t, meta("out=2", "out=16777216"), weight, bias), "the network has 16777216 outputs, but there are 2 class names"},
		{"a parameter of 1 PiB", packed(t, sound, huge, bias), "stream: member param/1.weight.npy: npy: shape (16777216, 16777216) needs 1125899906842624 bytes, more than the limit of 1073741824"},
		{"10001 arrays", packed(t, sound, many...), "model: member optim/10000.npy: a model has at most 10000 arrays"},
		{"a weight that is NaN", packed(t, sound, nan, bias), "model: member param/1.weight.npy: element [1 3] is NaN"},
		{"deviation NaN", packed(t, meta(`"std":1`, `"std":NaN`)), "model: member __meta__/model.json: JSON, line 1, byte 81: invalid character 'N' looking for beginning of value"},
		{"deviation beyond float32", packed(t, meta(`"std":1`, `"std":1e39`)), `model: member __meta__/model.json: std: "1e39" is beyond the range of numbers there`},
		{"deviation that is 0 as float32", packed(t, meta(`"std":1`, `"std":1e-50`)), "model: __meta__/model.json: std must be positive, got 0"},
		{"deviations of other channels", packed(t, meta(`"std":1`, `"mean":[0,0],"std":[1,1]`), weight, bias), "scale: 2 means and 2 deviations of 1 channels"},
		{"ranges of other channels", packed(t, meta(`"std":1`, `"std":1,"min":[0,0],"max":[1,1],"magnitude":[1,1]`), weight, bias), "scale: 2 smallest values, 2 largest and 2 magnitudes of 1 channels"},
		{"mean of -Inf", packed(t, meta(`"std":1`, `"std":1,"mean":-1e999`)), `model: member __meta__/model.json: mean: "-1e999" is beyond the range of numbers there`},
		{"two deviations", packed(t, meta(`"std":1`, `"std":1,"STD":2`), weight, bias), `model: member __meta__/model.json: JSON has the key "std" twice`},
		{"two networks", packed(t, meta(`"std":1`, `"std":1,"networ\u212A":"input c=1 h=1 w=1\nlinear out=1"`), weight, bias), `model: member __meta__/model.json: JSON has the key "network" twice`},
		{"a member twice", packed(t, sound, weight, weight, bias), "model: member param/1.weight.npy: there are two of them"},
		{"a class of 1 MB", packed(t, meta(`"std":1`, `"std":1,"positive":"`+strings.Repeat("x", 1e6)+`"`), weight, bias), `the network has 2 outputs, but says that one is the logit of class "` + strings.Repeat("x", 40) + `"`},
		{"a million layers", packed(t, meta("flatten", strings.Repeat(`relu\n`, 1e5)+"flatten"), weight, bias), "net: network line 1002: more than 1000 layers"},
		{"a later version", packed(t, meta(`"std":1`, `"std":1,"version":"`+fmt.Sprint(uint64(math.MaxUint64))+`.0"`), weight, bias), `model: __meta__/model.json: version "18446744073709551615.0" is no version number`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			hostile.Cheap(t, 2<<20+20*int64(len(c.data)), func() { _, err = Load("-", bytes.NewReader(c.data), stream.Limits{}) })
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || err.Error() != "reading model stdin: "+c.want {
				t.Fatalf("got %v\nwant reading model stdin: %s", err, c.want)
			}
			hostile.OneLine(t, err)
		})
	}
}
