package machine

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// HugePages asks the system to back a large array by pages of 2 MB as it is filled: the first touch of a page costs as
// much for 4 kB. It is a hint; nothing else changes.
func HugePages(x []float32) {
	const huge = 2 << 20
	if len(x) < 32*huge/4 {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 4*len(x))
	skip := -uintptr(unsafe.Pointer(&x[0])) % huge
	b = b[skip:]
	_ = unix.Madvise(b[:len(b)/huge*huge], unix.MADV_HUGEPAGE) // a kernel without them refuses
}

// SmallPages asks the system not to back memory by pages of 2 MB, of which all counts as soon as a byte is used. It is a hint.
func SmallPages() { _ = unix.Prctl(unix.PR_SET_THP_DISABLE, 1, 0, 0, 0) }
