package tool

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/urfave/cli/v2"

	"backdrop/lib/decimal"
)

// Canonical returns the value of a flag in a form that the flag library reads correctly, or an error.
func Canonical(f cli.Flag, text string) (string, error) { return canonical(f, f.Names()[0], text) }

// canonical returns the value of a flag in a form that the flag library reads correctly, or an error. The library takes
// whole numbers for Go literals: 010 for 8, 0x10 for 16, 1_0 for 10. Here numbers are decimal, so that a script may
// count 08, 09, 10.
func canonical(f cli.Flag, name, text string) (string, error) {
	var err error
	var want, limits string
	read := text
	switch f.(type) {
	case *cli.IntFlag:
		var v int
		v, err = strconv.Atoi(text)
		read = strconv.Itoa(v)
		want, limits = "a whole number", fmt.Sprintf("between %d and %d", math.MinInt, math.MaxInt)
	case *cli.Uint64Flag:
		var v uint64
		v, err = strconv.ParseUint(text, 10, 64)
		read = strconv.FormatUint(v, 10)
		want, limits = "a whole number from 0", fmt.Sprintf("at most %d", uint64(math.MaxUint64))
	case *cli.Float64Flag:
		_, err = decimal.Float(text)
		want, limits = "a number", fmt.Sprintf("between %.2g and %.2g", -math.MaxFloat64, math.MaxFloat64)
	}
	switch {
	case err == nil:
		return read, nil
	case text == "":
		return "", fmt.Errorf("flag %s is empty", dashed(name))
	case errors.Is(err, strconv.ErrRange):
		return "", fmt.Errorf("%s must be %s, got %.40q", dashed(name), limits, text)
	}
	return "", fmt.Errorf("%s must be %s in decimal digits, got %.40q", dashed(name), want, text)
}
