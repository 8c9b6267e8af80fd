package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// RepairTar corrects the checksums of the headers in an archive, so that a change of the fuzzer is not refused because of
// them.
func RepairTar(data []byte) []byte {
	b := bytes.Clone(data)
	for at := 0; at+block <= len(b); at += block {
		h := b[at : at+block]
		if !bytes.HasPrefix(h[257:], []byte("ustar")) {
			continue
		}
		copy(h[148:], "        ")
		sum := 0
		for _, c := range h {
			sum += int(c)
		}
		copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	}
	return b
}

// RepairPNG corrects the checksums of the chunks of a PNG picture.
func RepairPNG(data []byte) []byte {
	b := bytes.Clone(data)
	for at := 8; at+12 <= len(b); {
		n := uint64(binary.BigEndian.Uint32(b[at:]))
		if n > uint64(len(b)-at-12) {
			break
		}
		end := at + 8 + int(n)
		binary.BigEndian.PutUint32(b[end:], crc32.ChecksumIEEE(b[at+4:end]))
		at = end + 4
	}
	return b
}
