package machine

import (
	"fmt"

	"backdrop/lib/bytesize"
)

// A Shortage is the error of a job that needs more memory than there is.
type Shortage struct {
	What  string  // the job, such as "drawing 4096x4096 pixels"
	Need  float64 // in bytes
	Have  int64   // in bytes
	Whose string  // whose bound Have is, as Memory returns it
}

// Fits returns nil if there is memory for a job that needs that many bytes, else a *Shortage.
func Fits(what string, need float64) error {
	have, whose := Memory()
	if need <= float64(have) {
		return nil
	}
	return &Shortage{What: what, Need: need, Have: have, Whose: whose}
}

// Error says what is needed and what there is.
func (s *Shortage) Error() string {
	return fmt.Sprintf("%s needs %s of memory, %s", s.What, bytesize.Format(s.Need), fmt.Sprintf(s.Whose, bytesize.Format(s.Have)))
}
