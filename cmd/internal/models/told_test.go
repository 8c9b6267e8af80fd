package models

import (
	"reflect"
	"testing"

	"backdrop/lib/net"
)

func TestTold(t *testing.T) {
	for _, c := range []struct {
		outputs  string
		classes  []string
		positive string
		want     []string
	}{
		{"3", []string{"a", "b", "c"}, "", []string{"a", "b", "c"}},
		{"2", []string{"a", "b"}, "", []string{"a", "b"}},
		{"1", []string{"a", "b"}, "", []string{"a", "b"}},
		{"1", []string{"a", "b"}, "b", []string{"a", "b"}},
		{"1", []string{"a", "b"}, "a", []string{"b", "a"}},
		{"1", nil, "", []string{"0", "1"}},
		{"1", nil, "7", []string{"rest", "7"}},
		{"1", []string{"a", "b", "c"}, "a", []string{"rest", "a"}},
		{"1", []string{"rest", "b", "c"}, "b", []string{"not b", "b"}},
		{"1", []string{"a", "b", "c"}, "", []string{"0", "1"}},
	} {
		n, err := net.Parse("input c=1 w=4\ngap\nlinear out=" + c.outputs)
		if err != nil {
			t.Fatal(err)
		}
		m := &Loaded{Net: n, Classes: c.classes, Positive: c.positive}
		if got := m.Told(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s outputs, classes %v, positive %q: %v, want %v", c.outputs, c.classes, c.positive, got, c.want)
		}
	}
}
