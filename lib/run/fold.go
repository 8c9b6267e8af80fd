package run

import (
	"fmt"
	"strconv"
	"strings"
)

// A Fold is one of the parts of a cross-validation: a run trains on all others and validates on this one. The zero value is
// none.
type Fold struct {
	K, N int // number K, from 0, of N
}

// ParseFold reads K/N with 0 ≤ K < N and N ≥ 2.
func ParseFold(text string) (f Fold, err error) {
	k, n, _ := strings.Cut(text, "/")
	var errK, errN error
	f.K, errK = strconv.Atoi(k)
	f.N, errN = strconv.Atoi(n)
	if errK != nil || errN != nil || f.K < 0 || f.K >= f.N || f.N < 2 {
		return Fold{}, fmt.Errorf("want K/N with 0 <= K < N, and N at least 2, got %.40q", text)
	}
	return f, nil
}

// String is what ParseFold reads.
func (f Fold) String() string { return fmt.Sprintf("%d/%d", f.K, f.N) }
