package hostile

import (
	"bytes"
	"compress/gzip"
)

// Gzip returns gzip data of raw and n zeros behind it. A byte stands for a thousand zeros.
func Gzip(raw []byte, n int) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(raw)
	zeros := make([]byte, 64<<10)
	for ; n > 0; n -= len(zeros) {
		z.Write(zeros[:min(n, len(zeros))])
	}
	z.Close()
	return b.Bytes()
}
