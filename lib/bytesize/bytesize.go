// Package bytesize reads and writes numbers of bytes as people do: 4096, 512M, 2.0 GiB. All units are powers of 1024.
package bytesize

import (
	"fmt"
	"math"
	"strings"

	"backdrop/lib/decimal"
)

// Parse reads a number of bytes such as 4096, 512M or 2GiB.
func Parse(text string) (int64, error) {
	number := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(text), "B"), "I")
	scale := 1.0
	if n := len(number); n > 0 {
		if i := strings.IndexByte("KMGT", number[n-1]); i >= 0 {
			scale = math.Pow(1024, float64(i+1))
			number = number[:n-1]
		}
	}
	v, err := decimal.Float(number)
	if err != nil || !(v >= 0) || v*scale >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is no size; write bytes, or 512M, 2G", text)
	}
	return int64(v * scale), nil
}

// Format writes a number of bytes: 512 B, 1.5 MiB. An estimate in floating point may be larger than any memory.
func Format[N int64 | float64](bytes N) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	v, i := float64(bytes), 0
	for v >= 1024 && i < len(units)-1 {
		v /= 1024
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%.0f B", v)
	}
	return fmt.Sprintf("%.1f %s", v, units[i])
}
