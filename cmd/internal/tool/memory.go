package tool

import (
	"fmt"
	"math"
	"runtime/debug"

	"backdrop/formats/stream"
	"backdrop/lib/machine"
)

// Program is what a tool takes besides what it works on: code, stacks, buffers of streams, tables of libraries. The four
// take 9 to 20 MB with next to nothing to do, half of it pages of the program file.
const Program = 16 << 20

// leastMemory is the least that --memory can be: half of it is for the work.
const leastMemory = 2 * Program

// limitMemory makes --memory the bound of what jobs plan with (machine.Memory) and of the garbage collector.
func (c *Common) limitMemory() error {
	if c.memory == "" {
		return nil
	}
	size, err := ParseSize(c.memory)
	if err != nil {
		return Usagef("--memory: %w", err)
	}
	if size < leastMemory {
		return Usagef("--memory must be at least %s, got %s", FormatSize(leastMemory), FormatSize(size))
	}
	machine.Allow(size - Program)
	machine.SmallPages()
	c.limit = size - Program/2
	debug.SetMemoryLimit(c.limit)
	debug.SetGCPercent(gcPercent)
	return nil
}

// gcPercent makes the garbage collector begin long before the limit: it goes on while large arrays are made.
const gcPercent = 20

// Outside says that so many bytes are taken besides the garbage collector's, such as pages of files that are mapped into
// memory.
func (c *Common) Outside(bytes int64) {
	if c.MemoryLimited() {
		debug.SetMemoryLimit(max(Program/2, c.limit-bytes))
	}
}

// MemoryLimited reports whether --memory was given.
func (c *Common) MemoryLimited() bool { return c.memory != "" }

// Fits refuses a job that needs more bytes than there are. what begins the line, such as "a step of 10 samples", and
// try ends it.
func Fits(what string, need float64, try string) error {
	have, whose := machine.Memory()
	if need <= float64(have) {
		return nil
	}
	return fmt.Errorf("%s needs %s of memory, %s; try %s", what, FormatSize(int64(min(need, math.MaxInt64/2))), fmt.Sprintf(whose, FormatSize(have)), try)
}

// Fit is Fits for a job that needs less on fewer threads: with --memory it may use only as many as fit, with the same results. It
// returns how many these are.
func (c *Common) Fit(what string, need func(threads int) float64, try string) (threads int, err error) {
	have, _ := machine.Memory()
	threads = c.Threads
	for c.MemoryLimited() && threads > 1 && need(threads) > float64(have) {
		threads /= 2
	}
	return threads, Fits(what, need(threads), try)
}

// Limits bounds what readers take. A member may have a quarter of the memory, because a sample is held as it comes and as
// it is used, beside the one before; a zstd window an eighth, because decoding holds two. Without --memory they are the
// readers' own.
func (c *Common) Limits() stream.Limits {
	if !c.MemoryLimited() {
		return stream.Limits{}
	}
	have, _ := machine.Memory()
	const window = 128 << 20 // the default of package stream
	return stream.Limits{Member: have / 4, Window: min(uint64(have)/8, window)}
}
