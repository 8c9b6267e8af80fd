package tool

import (
	"fmt"
	"math"
	"strings"

	"backdrop/lib/decimal"
)

// ParseSize reads a number of bytes such as 4096, 512M, 2GiB; K, M, G and T are powers of 1024.
func ParseSize(s string) (int64, error) {
	number := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(s), "B"), "I")
	scale := 1.0
	if n := len(number); n > 0 {
		if i := strings.IndexByte("KMGT", number[n-1]); i >= 0 {
			scale = math.Pow(1024, float64(i+1))
			number = number[:n-1]
		}
	}
	v, err := decimal.Float(number)
	if err != nil || !(v >= 0) || v*scale >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is no size; write bytes, or 512M, 2G", s)
	}
	return int64(v * scale), nil
}

// FormatSize writes a number of bytes for people.
func FormatSize(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	v, i := float64(n), 0
	for v >= 1024 && i < len(units)-1 {
		v /= 1024
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", v, units[i])
}
