package hostile

import (
	"archive/tar"
	"bytes"
	"fmt"
)

// Entry is a member of a tar archive, or what pretends to be one.
type Entry struct {
	Name string // at most 100 bytes
	Data string // what follows the header
	Flag byte   // type of the member; 0: a regular file
	Size int64  // that it claims; 0: that of Data
	GNU  bool   // in GNU tar's format for sparse files
}

// block is the unit of a tar archive, in bytes.
const block = 512

// TarEnd is the end marker of a tar archive.
var TarEnd = make([]byte, 2*block)

// Tar returns an archive without an end marker (POSIX.1-1988 ustar; GNU tar's format for sparse files).
func Tar(entries ...Entry) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		h := make([]byte, block)
		copy(h, e.Name)
		copy(h[100:], "0000644\x000000000\x000000000\x00")
		copy(h[124:], fmt.Sprintf("%011o\x00", max(e.Size, int64(len(e.Data)))))
		copy(h[136:], "00000000000\x00        ")
		h[156] = e.Flag
		if e.Flag == 0 {
			h[156] = tar.TypeReg
		}
		copy(h[257:], "ustar\x0000")
		if e.GNU {
			copy(h[257:], "ustar  \x00")
			copy(h[483:], "00000004000\x00") // real size of a sparse file
		}
		sum := 0
		for _, c := range h {
			sum += int(c)
		}
		copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
		b.Write(h)
		b.WriteString(e.Data)
		b.Write(make([]byte, -len(e.Data)&(block-1)))
	}
	return b.Bytes()
}

// Archive is Tar with an end marker.
func Archive(entries ...Entry) []byte { return append(Tar(entries...), TarEnd...) }

// PAX returns an entry with records for the entry that follows it (POSIX.1-2001 pax).
func PAX(keysAndValues ...string) Entry { return records(tar.TypeXHeader, keysAndValues) }

// GlobalPAX is PAX for all entries that follow.
func GlobalPAX(keysAndValues ...string) Entry { return records(tar.TypeXGlobalHeader, keysAndValues) }

// records is PAX and GlobalPAX.
func records(flag byte, keysAndValues []string) Entry {
	e := Entry{Name: "p", Flag: flag}
	for i := 0; i < len(keysAndValues); i += 2 {
		e.Data += record(keysAndValues[i], keysAndValues[i+1])
	}
	return e
}

// record returns one record, whose length includes the digits of the length.
func record(key, value string) string {
	rest := len(" =\n") + len(key) + len(value)
	n := rest + len(fmt.Sprint(rest))
	n = rest + len(fmt.Sprint(n))
	return fmt.Sprintf("%d %s=%s\n", n, key, value)
}
