// Package decimal reads the numbers that people write into flags and texts: in decimal digits, not as Go's literals.
// For whole numbers, strconv.Atoi and ParseInt in base 10 are enough.
package decimal

import (
	"strconv"
	"strings"
)

// Float is strconv.ParseFloat, except that hexadecimal numbers (0x1p-3) and underscores are the error strconv.ErrSyntax. Inf
// and NaN are numbers.
func Float(text string) (float64, error) {
	if strings.ContainsAny(text, "xX_") {
		return 0, &strconv.NumError{Func: "ParseFloat", Num: text, Err: strconv.ErrSyntax}
	}
	return strconv.ParseFloat(text, 64)
}
