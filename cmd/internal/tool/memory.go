package tool

import (
	"fmt"
	"runtime/debug"

	"backdrop/formats/stream"
	"backdrop/lib/bytesize"
	"backdrop/lib/machine"
)

// Program is the memory that a tool takes besides its work: code, stacks, buffers, tables of libraries. The four tools take
// 9 to 20 MB with next to nothing to do, half of it pages of the program file.
const Program = 16 << 20

// leastMemory is the least that --memory accepts. It leaves half for the work.
const leastMemory int64 = 2 * Program

// limitMemory makes --memory the limit of what jobs plan with (machine.Memory) and of the garbage collector.
func (c *Common) limitMemory() error {
	if c.memory == "" {
		return nil
	}
	size, err := bytesize.Parse(c.memory)
	if err != nil {
		return Usagef("--memory: %w", err)
	}
	if size < leastMemory {
		return Usagef("--memory must be at least %s, got %s", bytesize.Format(leastMemory), bytesize.Format(size))
	}
	machine.Allow(size-Program, "--memory leaves %s")
	machine.SmallPages()
	c.limit = size - Program/2
	debug.SetMemoryLimit(c.limit)
	debug.SetGCPercent(gcPercent)
	return nil
}

// gcPercent makes the garbage collector start long before the limit, because large arrays are allocated while it works.
const gcPercent = 20

// Outside tells the garbage collector that the process takes that many bytes besides its own, such as pages of files that
// are mapped into memory.
func (c *Common) Outside(bytes int64) {
	if c.MemoryLimited() {
		debug.SetMemoryLimit(max(Program/2, c.limit-bytes))
	}
}

// MemoryLimited reports whether --memory was given.
func (c *Common) MemoryLimited() bool { return c.memory != "" }

// Fits returns an error if a job needs more bytes than there are. The error begins with what, such as "a step of 10
// samples", and ends with try.
func Fits(what string, need float64, try string) error {
	have, whose := machine.Memory()
	if need <= float64(have) {
		return nil
	}
	needs, has := bytesize.Format(need), bytesize.Format(have)
	if needs == has {
		needs = "a little more than " + needs
	}
	return fmt.Errorf("%s needs %s of memory, %s; try %s", what, needs, fmt.Sprintf(whose, has), try)
}

// Fit is Fits for a job that needs less memory on fewer threads. With --memory it may use only as many as fit, and the result
// does not depend on it. It returns how many these are.
func (c *Common) Fit(what string, need func(threads int) float64, try string) (threads int, err error) {
	have, _ := machine.Memory()
	threads = c.Threads
	for c.MemoryLimited() && threads > 1 && need(threads) > float64(have) {
		threads /= 2
	}
	return threads, Fits(what, need(threads), try)
}

// Limits returns the limits of readers, their defaults without --memory. With it a member may have a quarter of the memory,
// because a sample is held as it was read and as it is used, besides the one before, and a zstd window an eighth,
// because decoding holds two.
func (c *Common) Limits() stream.Limits {
	if !c.MemoryLimited() {
		return stream.Limits{}
	}
	have, _ := machine.Memory()
	return stream.Limits{Member: have / 4, Window: min(uint64(have)/8, stream.DefaultWindow)}
}
