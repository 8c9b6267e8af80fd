package machine

import "fmt"

// A Shortage is the error of a job that needs more memory than there is.
type Shortage struct {
	What    string  // the job, such as "drawing 4096x4096 pixels"
	Need    float64 // in bytes
	Have    int64   // in bytes: see Memory
	Bounded bool    // Allow bounds what there is
}

// Fits returns nil if there is memory for a job that needs that many bytes, else a *Shortage.
func Fits(what string, need float64) error {
	have, bounded := Memory()
	if need <= float64(have) {
		return nil
	}
	return &Shortage{What: what, Need: need, Have: have, Bounded: bounded}
}

// Error says what is needed and what there is.
func (s *Shortage) Error() string {
	if s.Bounded {
		return fmt.Sprintf("%s needs %s of memory, %s is allowed", s.What, Size(s.Need), Size(float64(s.Have)))
	}
	return fmt.Sprintf("%s needs %s of memory, this machine has %s free", s.What, Size(s.Need), Size(float64(s.Have)))
}

// Size writes a number of bytes for people, in powers of 1024: 512 B, 1.5 MiB.
func Size(bytes float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	i := 0
	for bytes >= 1024 && i < len(units)-1 {
		bytes /= 1024
		i++
	}
	switch {
	case i == 0:
		return fmt.Sprintf("%.0f B", bytes)
	case bytes >= 1e6:
		return fmt.Sprintf("%.3g %s", bytes, units[i])
	}
	return fmt.Sprintf("%.1f %s", bytes, units[i])
}
