// Package pixels is samples that are read in pieces, so that a large one need not be in memory as a whole.
//
// A sample has channels of as many pixels each, which are counted line by line and plane by plane: pixel z,y,x of a volume is
// (z·H + y)·W + x. Values are float32, whatever their type is where they lie.
package pixels

import "backdrop/lib/finite"

// A Source is a sample. Several goroutines read it at once.
type Source interface {
	// Pixels sets dst[0], dst[step], dst[2·step], … to the pixels from ≤ i < to of channel c.
	Pixels(dst []float32, step, c, from, to int)
}

// Memory is a sample in memory.
type Memory struct {
	Values []float32 // the channels one after the other
	Count  int       // pixels of a channel
}

// Pixels implements Source.
func (m *Memory) Pixels(dst []float32, step, c, from, to int) {
	src := m.Values[c*m.Count:][from:to]
	if step == 1 {
		copy(dst, src)
		return
	}
	for i, v := range src {
		dst[i*step] = v
	}
}

// InMemory returns sources of samples in memory, of that many channels.
func InMemory(samples [][]float32, channels int) []Source {
	all := make([]Source, len(samples))
	for i, x := range samples {
		all[i] = &Memory{x, len(x) / channels}
	}
	return all
}

// A Sink takes a value for each channel of pixels of a sample, such as a gradient. Several goroutines write to it at once, each
// other pixels.
type Sink interface {
	// Clear sets all pixels to zero.
	Clear()

	// Set sets the pixels from ≤ i < to; the channels of pixel i are values[(i-from)·step:].
	Set(from, to int, values []float32, step int)
}

// Clear implements Sink.
func (m *Memory) Clear() { clear(m.Values) }

// Set implements Sink.
func (m *Memory) Set(from, to int, values []float32, step int) {
	for c := range len(m.Values) / m.Count {
		dst := m.Values[c*m.Count:][from:to]
		for i := range dst {
			dst[i] = values[i*step+c]
		}
	}
}

// Sinks returns sinks in memory, of that many channels.
func Sinks(samples [][]float32, channels int) []Sink {
	all := make([]Sink, len(samples))
	for i, x := range samples {
		all[i] = &Memory{x, len(x) / channels}
	}
	return all
}

// Small is the number of values up to which a sample is small: if something is done to its values each time they are read,
// they are kept in a buffer instead. Large samples have none, and stay in their file. Results do not depend on it. Tests set it.
var Small = 1 << 18 // 1 MiB

// Read reads a whole sample into dst, its channels one after the other.
func Read(dst []float32, s Source, channels int) {
	count := len(dst) / channels
	for c := range channels {
		s.Pixels(dst[c*count:], 1, c, 0, count)
	}
}

// mostRead and leastRead bound the values of a channel that Scan reads at a time.
const (
	mostRead  = 16 << 10
	leastRead = 512 // of many channels, which may lie side by side
)

// Scan shows a whole sample of channels of count pixels each, a run of pixels after the other, each for all channels: values are
// those of channel c from pixel number first on, for reading only, until do returns. What is in memory is one run a channel. Scan
// ends early, and returns false, when do returns false or a Reading is to end.
func Scan(s Source, channels, count int, do func(c, first int, values []float32) bool) bool {
	if m, ok := s.(*Memory); ok {
		for c := range channels {
			if !do(c, 0, m.Values[c*count:][:count]) {
				return false
			}
		}
		return true
	}
	run := min(count, max(leastRead, min(mostRead, 4*mostRead/channels)))
	buf := make([]float32, run)
	for first := 0; first < count; first += run {
		n := min(run, count-first)
		if ended(s) {
			return false
		}
		for c := range channels {
			s.Pixels(buf, 1, c, first, first+n)
			if !do(c, first, buf[:n]) {
				return false
			}
		}
	}
	return true
}

// ScanChannels is Scan that shows a channel after the other.
func ScanChannels(s Source, channels, count int, do func(c, first int, values []float32) bool) {
	if _, ok := s.(*Memory); ok {
		Scan(s, channels, count, do)
		return
	}
	buf := make([]float32, min(count, mostRead))
	for c := range channels {
		for first := 0; first < count; first += len(buf) {
			n := min(len(buf), count-first)
			s.Pixels(buf, 1, c, first, first+n)
			if !do(c, first, buf[:n]) {
				return
			}
		}
	}
}

// At is one value of a sample.
func At(s Source, c, pixel int) float32 {
	if m, ok := s.(*Memory); ok {
		return m.Values[c*m.Count+pixel]
	}
	var v [1]float32
	s.Pixels(v[:], 1, c, pixel, pixel+1)
	return v[0]
}

// FirstNotFinite returns the first value, of all channels one after the other, that is infinite or NaN, and its number; -1 if
// all are finite.
func FirstNotFinite(s Source, channels, count int) (value float32, at int) {
	all, at := channels, -1 // channels that are still looked at: behind a value, only those before it can have an earlier one
	Scan(s, channels, count, func(c, first int, values []float32) bool {
		if c >= all {
			return true
		}
		if i := finite.First(values); i >= 0 {
			all, at, value = c, c*count+first+i, values[i]
		}
		return all > 0
	})
	return value, at
}
