package export

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"testing"

	"backdrop/internal/testkit/nettest"
	"backdrop/lib/net"
)

func TestSizesFree(t *testing.T) {
	for text, want := range map[string]bool{
		"gap\nlinear out=2":                                       true,
		"conv out=2 kernel=3\ngmp":                                true,
		"conv out=2 kernel=3\ngap\nflatten":                       true,
		"gap\nconv out=2 kernel=1\nflatten":                       true,
		"gap\nconv out=2 kernel=3 pad=2\nflatten\nlinear out=2":   true, // one pixel becomes 3×3
		"flatten\nlinear out=2":                                   false,
		"conv out=2 kernel=8":                                     false, // one pixel of 8×8 only
		"maxpool kernel=8\nlinear out=2":                          false,
		"conv out=2 kernel=8\ngap":                                true,
		"relu name=a\nconv out=1 kernel=3 pad=1\nadd from=a\ngap": true,
		"relu name=a\nconv out=1 kernel=3\nconv out=1 kernel=3 pad=2\nadd from=a\ngap":                true,
		"conv name=a out=1 kernel=1 stride=2\nconv out=1 kernel=3 pad=1\nadd from=a\ngap":             true,
		"conv name=a out=1 kernel=5 pad=2 stride=2\nrelu\nadd from=a\ngap":                            true,
		"relu name=a\nconv out=1 kernel=2 stride=1 pad=1\nmaxpool kernel=2 stride=1\nadd from=a\ngap": true,
		"conv name=a out=1 kernel=8\nadd from=a\ngap":                                                 true,
		"gap name=a\nadd from=a":                                    true,
		"conv name=a out=1 kernel=8\ngap\nadd from=a\nlinear out=2": false, // of one pixel by chance
	} {
		n, err := net.Parse("input c=1 h=8 w=8\n" + text)
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if got := sizesFree(n); got != want {
			t.Errorf("free %v, want %v: %s", got, want, text)
		}
	}
}

// tooSmall is what a network says of samples that are.
var tooSmall = regexp.MustCompile(`is larger than its padded input|must be at most the input's extent|leaves one value to a group`)

// A network whose sizes are free gives as many scores, with the same parameters, of samples of every size for which no window is
// too large.
func TestSizesFreeOfRandomNetworks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	free, tried := 0, 0
	for i := range 3000 {
		n := nettest.Random(r, i%2 == 0)
		outputs, err := n.Classes()
		if err != nil || len(n.Layers) == 0 || !sizesFree(n) {
			continue
		}
		free++
		params, err := net.ParamShapes(n)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			other := n.Clone()
			for _, side := range []*int{&other.Input.D, &other.Input.H, &other.Input.W} {
				if *side > 0 {
					*side = 8 + r.IntN(90) // large enough for most windows
				}
			}
			got, err := net.ParamShapes(other)
			if err != nil {
				if tooSmall.MatchString(err.Error()) {
					continue
				}
				t.Fatalf("%v: %v, of\n%s", other.Input, err, n)
			}
			tried++
			if k, err := other.Classes(); err != nil || k != outputs || !reflect.DeepEqual(got, params) {
				t.Fatalf("%v: %d scores, %v, of\n%s", other.Input, k, err, n)
			}
		}
	}
	if free < 300 || tried < 1000 {
		t.Errorf("only %d networks, %d sizes", free, tried)
	}
}
