package hostile

import "encoding/binary"

// Frame returns a zstd frame without checksum (RFC 8878, 3.1.1): a window of 128 KiB, raw in blocks, then runs of n bytes v,
// each of which takes four bytes. With the largest n, 128 KiB, a byte stands for 32768.
func Frame(raw []byte, runs, n int, v byte) []byte {
	b := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3}
	block := func(last, kind, size int, data ...byte) {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(last|kind<<1|size<<3))[:len(b)+3], data...)
	}
	for len(raw) > 0 {
		n := min(len(raw), 128<<10)
		block(0, 0, n, raw[:n]...)
		raw = raw[n:]
	}
	for range runs {
		block(0, 1, n, v)
	}
	block(1, 0, 0)
	return b
}
