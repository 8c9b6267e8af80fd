package train

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// Print tells samples from others: a digest of the label and up to printValues values of each, so that it costs next to
// nothing beside training. The zero value is that of no samples.
type Print [16]byte

// printValues are 1 KiB, which takes a microsecond: a 16×16 sample whole, of a 1024×1024 one every 4096th.
const printValues = 256

// Fingerprint returns the print of all samples of d, whose shapes have that many elements.
func Fingerprint(d Data, elements int) Print {
	var p Print
	buf := make([]float32, elements)
	for i := range d.Len() {
		p = p.add(d.X(i, buf), d.Label(i))
	}
	return p
}

// add returns the print with one sample more.
func (p Print) add(x []float32, label int) Print {
	b := make([]byte, 0, len(Print{})+16+4*printValues)
	b = append(b, p[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(label))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(x)))
	n := min(len(x), printValues)
	for i := range n {
		at := i * len(x) / n // evenly spread
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x[at]))
	}
	sum := sha256.Sum256(b)
	return Print(sum[:len(p)])
}

// MarshalText writes the print as hexadecimal digits.
func (p Print) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(p[:])), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Print) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(p) {
		return fmt.Errorf("train: %.40q is no fingerprint", text)
	}
	*p = Print(b)
	return nil
}
