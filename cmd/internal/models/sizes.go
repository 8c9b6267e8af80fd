package models

import (
	"cmp"
	"fmt"

	"backdrop/formats/stream"
	"backdrop/lib/net"
)

// On returns the network for a sample, taken as a whole: of a model that was trained on windows of samples (Sizes) the network of
// its size, else the model's own. Where the network does not take the sample, the error says why, and what to do about it.
func (m *Loaded) On(s *stream.Sample) (*net.Network, error) {
	in, shape, why := m.Net.Input, SampleShape(s.Shape), ""
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
	if s.Own != nil { // as the file has it
		shape = SampleShape(s.Own)
	}
	return nil, fmt.Errorf("sample %s is %v, but the network takes %v%s", s.Key, shape, in, cmp.Or(AxesHint(shape, in), why))
}
