package models

import (
	"cmp"
	"fmt"

	"backdrop/lib/net"
)

// On returns the network for a sample of that key and shape, taken as a whole: of a model that was trained on windows of samples
// (Sizes) the network of its size, else the model's own. Where the network does not take the sample, the error says why, and what
// to do about it.
func (m *Loaded) On(key string, shape net.Shape) (*net.Network, error) {
	in, why := m.Net.Input, ""
	switch {
	case shape == in:
		return m.Net, nil
	case shape.C != in.C || shape.Dimensions() != in.Dimensions():
	case !m.Sizes():
		why = "; one that is trained with --resize or --augment crop=N takes other sizes"
	default:
		network, err := m.Net.On(shape)
		if err == nil {
			return network, nil
		}
		why = fmt.Sprintf(" (%v)", err)
		if _, err := m.Net.On(shape.Max(in)); err == nil {
			why += "; leave out samples so small, or train with --resize"
		}
	}
	return nil, fmt.Errorf("sample %s is %v, but the network takes %v%s", key, shape, in, cmp.Or(AxesHint(shape, in), why))
}
