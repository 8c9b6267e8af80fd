package loss

import "testing"

// Every loss of the table is whole, and is what its name says.
func TestKinds(t *testing.T) {
	for _, k := range kinds {
		if (k.classes == nil) == (k.binary == nil) || (k.number == "") != (k.accepts == nil) {
			t.Errorf("%s is not whole", k.name)
		}
		name := k.name
		if k.number != "" {
			name = k.listed[0]
		}
		l, err := New(Config{Name: name}, 2)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := [][]float32{{0, 0}, {0, 0}}
		if v, err := l.Grad(Batch{Scores: [][]float32{{1, 0}, {0.5, 0}}, Labels: []int{0, 1}}, d); err != nil || !(v > 0) || !(d[1][1] < 0) {
			t.Errorf("%s: loss %v, gradient %v, %v", name, v, d, err)
		}
		if Binary(name) != (k.binary != nil) || NeedsBoth(name) != k.both {
			t.Errorf("%s: Binary %v, NeedsBoth %v", name, Binary(name), NeedsBoth(name))
		}
	}
	for _, name := range []string{"", "soft-f", "soft-fB", "soft-f-1", "soft-f0", "soft-fnan", "soft-finf", "bce1", "XENT"} {
		if _, _, err := kindOf(name); err == nil || Binary(name) || NeedsBoth(name) {
			t.Errorf("%q is a loss: %v", name, err)
		}
	}
	if k, beta, err := kindOf("soft-f2.5"); err != nil || k.name != "soft-f" || beta != 2.5 {
		t.Errorf("soft-f2.5 is %s with %v, %v", k.name, beta, err)
	}
}

func TestOptions(t *testing.T) {
	for want, c := range map[string]Config{
		"loss: xent has no weight of the positive class, got 2; use bce": {Name: "xent", PositiveWeight: 2},
		"loss: soft-f2 has no temperature, got 3; use smooth-ap":         {Name: "soft-f2", Temperature: 3},
		"loss: temperature must be positive and finite, got -1":          {Name: "smooth-ap", Temperature: -1},
	} {
		if err := c.Validate(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
