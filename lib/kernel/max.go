package kernel

// Max sets count rows of n elements of dst, dstStep apart, to the larger of themselves and of the rows of a, aStep
// apart.
func Max(dst, a []float32, n, count, dstStep, aStep int) {
	if count == 0 || n == 0 {
		return
	}
	if n < 0 || count < 0 || dstStep < 0 || aStep < 0 || (count-1)*dstStep+n > len(dst) || (count-1)*aStep+n > len(a) {
		panic("kernel: rows lie outside the arrays")
	}
	maximum(&dst[0], &a[0], n, count, dstStep, aStep)
}
