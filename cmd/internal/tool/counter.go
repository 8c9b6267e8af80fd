package tool

import (
	"fmt"
	"sync"
	"time"
)

// A Counter counts what is done of many pieces of work, for the line of a Progress. Its methods may be called at the same time.
type Counter struct {
	tool, unit string
	all        int // 0: not known
	start      time.Time

	mu   sync.Mutex
	done int
	part float64 // of the next
}

// NewCounter returns the counter of a tool or command that works on so many of something, such as a sample; 0 if nobody knows
// how many there are. The time counts from now.
func NewCounter(tool, unit string, all int) *Counter {
	return &Counter{tool: tool, unit: unit, all: all, start: time.Now()}
}

// Step counts one more.
func (c *Counter) Step() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done, c.part = c.done+1, 0
}

// Part says how much of the next one is done, where it takes long: a number up to 1.
func (c *Counter) Part(done float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.part = done
}

// Line is what a Progress shows.
func (c *Counter) Line() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Counted(c.tool, c.unit, float64(c.done)+c.part, c.all, time.Since(c.start))
}

// Counted is the line of a Progress that says how many of something a tool has done, parts of the next included, of all or,
// where all is 0, of nobody knows how many: "gpgen: 120 of 500 samples  34 samples/s  ETA 11s".
func Counted(tool, unit string, done float64, all int, took time.Duration) string {
	units := unit + "s"
	line := fmt.Sprintf("%s: %d %s", tool, int(done), units)
	left := ""
	if all > 0 {
		done = min(done, float64(all))
		line = fmt.Sprintf("%s: %d of %d %s", tool, int(done), all, units)
		left = Left(took, done/float64(all))
	}
	part, speed := "", ""
	switch seconds := took.Seconds(); {
	case done == 0 || seconds == 0:
	case done >= 10*seconds:
		speed = fmt.Sprintf("%.0f %s/s", done/seconds, units)
	case done >= seconds:
		speed = fmt.Sprintf("%.1f %s/s", done/seconds, units)
	default:
		speed = fmt.Sprintf("%.1f s/%s", seconds/done, unit)
		if next := done - float64(int(done)); next > 0 {
			part = Percent(next) + " of the next"
		}
	}
	return Columns(line, part, speed, left)
}
