package kernel

import "unsafe"

// maxGeneric is the reference; like the instruction, it takes dst where either is NaN or they are equal.
func maxGeneric(dst, a *float32, n, count, dstStep, aStep int) {
	if count == 0 || n == 0 {
		return
	}
	to := unsafe.Slice(dst, (count-1)*dstStep+n)
	from := unsafe.Slice(a, (count-1)*aStep+n)
	for i := range count {
		d, s := to[i*dstStep:][:n], from[i*aStep:][:n]
		for j, v := range s {
			if v > d[j] {
				d[j] = v
			}
		}
	}
}
