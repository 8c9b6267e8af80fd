package dataset

import "slices"

// AxesHint returns what to add to the error that samples have the shape got instead of want, both with channels first and
// then their axes: the layout that would bring them in order, if they seem to have channels last. Otherwise it is "". want
// is nil if it is unknown.
func AxesHint(got, want []int) string {
	const few = 4 // channels of a picture with colours and transparency
	layouts := [5]string{2: "NTC", 3: "NHWC", 4: "NDHWC"}
	n := len(got)
	switch {
	case n < 2 || n > 4:
		return ""
	case n == 3 && got[0] == 1 && len(want) > 1 && len(want) < 4 && slices.Equal(slices.Concat(want[:1], want[len(want)-1:]), []int{got[2], got[1]}) &&
		(len(want) == 2 || want[1] == 1): // taken for an image
		return "; they look like sequences with channels last, whose axes are NTC"
	case slices.Equal(want, append([]int{got[n-1]}, got[:n-1]...)):
		return "; they look like channels last, whose axes are " + layouts[n]
	case n == 3 && got[2] <= few && got[0] > few && got[1] > few:
		return "; they look like channels last, whose axes are NHWC"
	}
	return ""
}
