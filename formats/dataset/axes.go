package dataset

// AxesHint ends an error about samples of shape got, C,H,W, where others of shape want are, or are needed: it says so if the
// axes seem to be in the order of programs that put channels last. It is empty if nothing speaks for that; want is zero
// if it is not known.
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
