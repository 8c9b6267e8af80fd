package dataset

import (
	"fmt"

	"backdrop/formats/stream"
	"backdrop/lib/pixels"
)

// colours makes grey pictures RGB where there are RGB ones, in whichever order they come.
type colours struct {
	channels int    // Options.Channels
	arrays   bool   // some samples are no pictures
	grey     int    // how many were grey
	first    string // key of the first one
	taken    bool   // they are taken as RGB

	// promote makes the samples RGB that were handed on before; nil: whoever has them has used them
	promote func() error
}

// rgb is the number of channels of a picture in colour.
const rgb = 3

// colour makes a grey picture RGB if the network wants RGB or a picture before it was. If it is the first that is RGB itself, those
// before it become so.
func (s *checked) colour(sample *stream.Sample) error {
	c := &s.colours
	if sample.Axes == "" || len(sample.Shape) != 3 || sample.Array != nil { // pictures alone say what their axes are
		c.arrays = true
		return nil
	}
	switch sample.Shape[0] {
	case 1:
		if c.grey++; c.grey == 1 {
			c.first = sample.Key
		}
		if c.taken = c.taken || c.channels == rgb || s.n > 0 && s.first.Shape[0] == rgb; c.taken {
			s.repeat(sample)
		}
	case rgb:
		if c.arrays || c.taken || c.grey == 0 || c.grey < s.n || c.promote == nil && c.channels != 0 { // if these differ, that is an error
			return nil
		}
		if c.promote == nil {
			err := fmt.Errorf("sample %s is an RGB picture, but those before it are grey, and samples are read once", sample.Key)
			return &AdvisedError{Err: err, Advice: KeepSamples}
		}
		c.taken = true
		s.first.Shape = append([]int{rgb}, s.first.Shape[1:]...)
		s.firstRaw = s.first.Shape
		return c.promote()
	}
	return nil
}

// repeat makes a grey picture RGB.
func (s *checked) repeat(sample *stream.Sample) {
	x := make([]float32, 0, rgb*len(sample.X))
	for range rgb {
		x = append(x, sample.X...)
	}
	s.giveBack(sample.X)
	sample.X, sample.Shape = x, append([]int{rgb}, sample.Shape[1:]...)
}

// noteColours says how many grey pictures were taken as RGB.
func (s *checked) noteColours() {
	switch c := s.colours; {
	case !c.taken || c.grey == 0:
	case c.grey == 1:
		s.note(fmt.Sprintf("the picture of sample %s is grey, and taken as RGB", c.first))
	default:
		s.note(fmt.Sprintf("%d pictures are grey, and taken as RGB; the first is that of sample %s", c.grey, c.first))
	}
}

// repeated is a grey picture as an RGB one.
type repeated struct{ pixels.Source }

// Pixels implements pixels.Source.
func (r repeated) Pixels(dst []float32, step, _, from, to int) {
	r.Source.Pixels(dst, step, 0, from, to)
}
