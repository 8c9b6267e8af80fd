//go:build !noasm

package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"golang.org/x/sys/cpu"
)

func TestScatterHasTheBitsOfFusedMultiplyAdds(t *testing.T) {
	if !cpu.X86.HasAVX512F {
		t.Skip("this processor has no AVX-512") // TestProcessorHasAVX fails where it must have
	}
	r := rand.New(rand.NewPCG(11, 12))
	for terms := 1; terms < 12; terms++ {
		for targets := 1; targets < 12; targets++ {
			for panels := 1; panels < 6; panels++ {
				a, checkA := guarded(r, terms+3, r.IntN(8))
				b, checkB := guarded(r, panels*(targets+1)*terms*Columns, r.IntN(8))
				c, checkC := guarded(r, (targets+2)*panels*Columns, r.IntN(8))
				s := Scatter{A: a, B: b, C: c, At: panels * Columns, Panel: (targets + 1) * terms * Columns, Panels: panels}
				for k := range terms {
					s.Terms = append(s.Terms, Term{int32(r.IntN(len(a))), int32(k * Columns)})
				}
				for i, at := range r.Perm(targets) {
					s.To = append(s.To, Term{int32((at - 1) * panels * Columns), int32(i * terms * Columns)})
				}
				want := append([]float32(nil), c...)
				for _, to := range s.To {
					for j := range panels * Columns {
						at := s.At + int(to.A) + j
						for _, k := range s.Terms {
							want[at] = fma(a[k.A], b[j/Columns*s.Panel+int(to.B)+int(k.B)+j%Columns], want[at])
						}
					}
				}
				scatterAVX512(&s)
				for i := range want {
					if math.Float32bits(c[i]) != math.Float32bits(want[i]) {
						t.Fatalf("%d terms, %d targets, %d panels: element %d is %v, want %v", terms, targets, panels, i, c[i], want[i])
					}
				}
				checkA(t, "A")
				checkB(t, "B")
				checkC(t, "C")
			}
		}
	}
}
