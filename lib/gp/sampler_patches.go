package gp

import (
	"fmt"

	"backdrop/lib/dims"
	"backdrop/lib/patchwork"
)

// validatePatches says what fields of patches cannot be.
func (s *Spec) validatePatches() error {
	switch {
	case len(s.Shape) != 2:
		return fmt.Errorf("fields of patches have a height and a width, got the shape %s", dims.Text(s.Shape))
	case s.Kernel != SE:
		return fmt.Errorf("fields of patches have the kernel %v only, got %v", SE, s.Kernel)
	case s.Open:
		return fmt.Errorf("fields of patches have edges of their own, and cannot be open")
	}
	for _, lengths := range s.Scales {
		for _, l := range lengths {
			if len(l) != 1 {
				return fmt.Errorf("fields of patches have one length for both axes, got %v", l)
			}
			if err := patchwork.Check([2]int(s.Shape), l[0], s.WrapFactor); err != nil {
				return err
			}
		}
	}
	return nil
}

// newPatchworks prepares the patches of all lengths.
func (s *Sampler) newPatchworks() error {
	for j, lengths := range s.spec.Scales {
		s.patchworks = append(s.patchworks, nil)
		for _, l := range lengths {
			p, err := patchwork.New([2]int(s.spec.Shape), l[0], s.spec.WrapFactor)
			if err != nil {
				return err
			}
			s.patchworks[j] = append(s.patchworks[j], p)
		}
	}
	return nil
}

// drawPatches is Draw for fields made of patches.
func (s *Sampler) drawPatches(i int, dst []float32, sc *scratch) {
	class := s.spec.Class(i)
	for j, choices := range s.patchworks {
		p := choices[class%len(choices)]
		class /= len(choices)
		values := dst
		if j > 0 {
			values = sc.values
		}
		p.Draw(values, s.spec.Seed, uint64(i), uint64(j), sc.patch)
		s.addNoise(values, 0, i, j)
		s.addValues(dst, values, j, sc)
	}
}
