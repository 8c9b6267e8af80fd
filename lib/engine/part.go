package engine

import "backdrop/lib/region"

// part is a part of a tensor.
type part = region.Part

// seenIn returns the part of a padded input that a part of a node's output is computed from.
func (n *node) seenIn(input int, p part) (seen part) {
	for axis, r := range p {
		seen[axis][0], seen[axis][1] = n.op.sees(n, input, axis, r[0], r[1])
	}
	return seen
}

// seers returns the part of the output of a node that is computed from a part of its inputs.
func (n *node) seers(p part) (by part) {
	for axis, r := range p {
		by[axis][0], by[axis][1] = n.op.seenBy(n, axis, r[0], r[1])
	}
	return by.Within(n.out.Size())
}
