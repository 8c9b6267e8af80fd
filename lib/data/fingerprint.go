package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// Fingerprint identifies samples in their order: a digest of the label and up to sampledValues values of each, so that it
// costs next to nothing beside training. The zero value is that of no samples.
type Fingerprint [16]byte

// sampledValues are 1 KiB, which takes a microsecond: a 16×16 sample whole, of a 1024×1024 one every 4096th.
const sampledValues = 256

// Fingerprint returns the fingerprint of all samples, whose shapes have that many elements.
func (s *Set) Fingerprint(elements int) Fingerprint {
	var f Fingerprint
	buf := make([]float32, elements)
	for i := range s.Len() {
		f = f.add(s.X(i, buf), s.Label(i))
	}
	return f
}

// add returns the fingerprint with one sample more.
func (f Fingerprint) add(x []float32, label int) Fingerprint {
	b := make([]byte, 0, len(f)+16+4*sampledValues)
	b = append(b, f[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(label))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(x)))
	n := min(len(x), sampledValues)
	for i := range n {
		at := i * len(x) / n // evenly spread
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x[at]))
	}
	sum := sha256.Sum256(b)
	return Fingerprint(sum[:len(f)])
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
