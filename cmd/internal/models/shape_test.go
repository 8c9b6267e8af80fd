package models

import (
	"testing"

	"backdrop/lib/net"
)

func TestSampleShape(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  net.Shape
	}{{[]int{7}, net.Shape{C: 1, H: 1, W: 7}}, {[]int{5, 7}, net.Shape{C: 1, H: 5, W: 7}}, {[]int{3, 5, 7}, net.Shape{C: 3, H: 5, W: 7}}} {
		if got := SampleShape(c.shape); got != c.want {
			t.Errorf("%v: got %v, want %v", c.shape, got, c.want)
		}
	}
}
