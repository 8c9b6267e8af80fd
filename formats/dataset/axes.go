package dataset

// AxesHint returns what to add to the error that samples have the shape got instead of want, both C,H,W: how to bring the
// axes in order, if they seem to have channels last. Otherwise it is "". want is zero if it is unknown.
func AxesHint(got, want [3]int) string {
	const few = 4 // channels of a picture with colours and transparency
	first, second, last := got[0], got[1], got[2]
	switch {
	case first == 1 && want[1] == 1 && second == want[2] && last == want[0]: // a sequence T,C
		return "; the axes of sequences are N,C,1,T, and these look like N,T,C: np.moveaxis(x, -1, -2)[..., None, :] brings them in order"
	case first == want[1] && second == want[2] && last == want[0], last <= few && first > few && second > few:
		return "; axes are N,C,H,W (C,H,W of one sample), and these look like channels last: np.moveaxis(x, -1, -3) puts them first"
	}
	return ""
}

// CHW returns the shape [W], [H,W] or [C,H,W] of a sample as C,H,W, with 1 for what it leaves out. ok is false for any other
// shape and for sizes of 0.
func CHW(shape []int) (s [3]int, ok bool) {
	switch len(shape) {
	case 1:
		s = [3]int{1, 1, shape[0]}
	case 2:
		s = [3]int{1, shape[0], shape[1]}
	case 3:
		s = [3]int(shape)
	}
	return s, s[0] > 0 && s[1] > 0 && s[2] > 0
}
