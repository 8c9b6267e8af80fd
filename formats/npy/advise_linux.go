package npy

import "golang.org/x/sys/unix"

// smallPages asks the system not to map a file by pages of 2 MiB, all of which are resident when a byte is touched. It is only a hint.
func smallPages(b []byte) { unix.Madvise(b, unix.MADV_NOHUGEPAGE) }
