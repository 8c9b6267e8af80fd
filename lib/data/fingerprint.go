package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Fingerprint identifies samples in their order: a digest of the label and up to sampledValues values of each, so that it
// costs next to nothing beside training. The zero value is that of no samples.
type Fingerprint [16]byte

// sampledValues are 1 KiB, which takes a microsecond: a 16×16 sample whole, of a 1024×1024 one every 4096th.
const sampledValues = 256

// Fingerprint returns the fingerprint of all samples, which have that shape if there are no Shapes.
func (s *Set) Fingerprint(all net.Shape) (Fingerprint, error) {
	var f Fingerprint
	for i := range s.Len() {
		f = f.add(s.Sample(i), s.Shape(i, all), all, s.Label(i))
	}
	return f, s.Table.Err()
}

// add returns the fingerprint with one sample more. Its shape counts where it is not the usual one.
func (f Fingerprint) add(x pixels.Source, shape, usual net.Shape, label int) Fingerprint {
	return f.addTrace(trace(x, shape), shape, usual, label)
}

// addTrace is add of a sample with that trace.
func (f Fingerprint) addTrace(trace []byte, shape, usual net.Shape, label int) Fingerprint {
	b := make([]byte, 0, len(f)+40+len(trace))
	b = append(b, f[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(label))
	b = binary.LittleEndian.AppendUint64(b, uint64(shape.Len()))
	if shape != usual {
		for _, side := range shape.Size() {
			b = binary.LittleEndian.AppendUint64(b, uint64(side))
		}
	}
	sum := sha256.Sum256(append(b, trace...))
	return Fingerprint(sum[:len(f)])
}

// trace is the values of a sample that a fingerprint takes.
func trace(x pixels.Source, shape net.Shape) []byte {
	values, count := shape.Len(), shape.Size().Product()
	n := min(values, sampledValues)
	b := make([]byte, 0, 4*n)
	for i := range n {
		at := i * values / n // evenly spread
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(pixels.At(x, at/count, at%count)))
	}
	return b
}

// MarshalText writes the fingerprint as hexadecimal digits.
func (f Fingerprint) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(f[:])), nil }

// UnmarshalText reads what MarshalText wrote.
func (f *Fingerprint) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(f) {
		return fmt.Errorf("data: %.40q is no fingerprint", text)
	}
	*f = Fingerprint(b)
	return nil
}
