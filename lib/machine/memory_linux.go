package machine

import "golang.org/x/sys/unix"

// total returns the bytes of memory that the machine has.
func total() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return most
	}
	return int64(min(uint64(info.Totalram)*uint64(info.Unit), most))
}
