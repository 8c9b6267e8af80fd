package train

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"backdrop/lib/nn"
)

// Augment says how a training sample is changed each time it is used. Both changes leave a periodic, isotropic
// texture's class as it is.
type Augment struct {
	Flip bool // mirrors rows and columns, each with probability 1/2
	Roll bool // shifts rows and columns round the torus by random amounts
}

// ParseAugment reads a list such as "flip,roll"; "" is none.
func ParseAugment(s string) (Augment, error) {
	var a Augment
	if s == "" {
		return a, nil
	}
	for word := range strings.SplitSeq(s, ",") {
		switch word {
		case "flip":
			a.Flip = true
		case "roll":
			a.Roll = true
		default:
			return a, fmt.Errorf("train: there is no augmentation %q, only flip and roll", word)
		}
	}
	return a, nil
}

// apply writes the changed x into dst, which must not be the same memory.
func (a Augment) apply(dst, x []float32, s nn.Shape, r *rand.Rand) {
	var top, left int
	if a.Roll {
		top, left = r.IntN(s.H), r.IntN(s.W)
	}
	rows, columns := a.Flip && r.IntN(2) == 1, a.Flip && r.IntN(2) == 1
	for c := range s.C {
		for i := range s.H {
			from := (i + top) % s.H
			if rows {
				from = s.H - 1 - from
			}
			src, row := x[(c*s.H+from)*s.W:][:s.W], dst[(c*s.H+i)*s.W:][:s.W]
			copy(row, src[left:])
			copy(row[s.W-left:], src[:left])
			if columns {
				for j, k := 0, s.W-1; j < k; j, k = j+1, k-1 {
					row[j], row[k] = row[k], row[j]
				}
			}
		}
	}
}
