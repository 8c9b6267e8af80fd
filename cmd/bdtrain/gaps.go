package main

import (
	"fmt"
	"strconv"
)

// absent are the classes below the largest of n labels that no label is of, in order.
func absent(n int, label func(int) int) (classes []int) {
	largest := -1
	for i := range n {
		largest = max(largest, label(i))
	}
	seen := make([]bool, largest+1)
	for i := range n {
		seen[label(i)] = true
	}
	for class, seen := range seen {
		if !seen {
			classes = append(classes, class)
		}
	}
	return classes
}

// lacksFirst reports whether class 0 is among those that have no samples.
func lacksFirst(absent []int) bool { return len(absent) > 0 && absent[0] == 0 }

// unlabelled says of classes, in order, that they have no samples; a run of them is shown by its ends.
func unlabelled(classes []int) string {
	if len(classes) == 1 {
		return fmt.Sprintf("class %d has no samples", classes[0])
	}
	var runs []string
	for from := 0; from < len(classes); {
		to := from
		for to+1 < len(classes) && classes[to+1] == classes[to]+1 {
			to++
		}
		text := strconv.Itoa(classes[from])
		if to > from {
			text += "-" + strconv.Itoa(classes[to])
		}
		runs = append(runs, text)
		from = to + 1
	}
	return fmt.Sprintf("classes %s have no samples", someOf(runs, ", "))
}

// noteAbsent says which numbers below the largest label no sample has, if a network is made that has an output for each, or that
// class 0 has none: before training if all labels are known then, else behind it.
func (d *samples) noteAbsent(trained bool) {
	if d.unread() != trained {
		return
	}
	largest, given := len(d.classes)-1, d.c.Classes > 0 || d.from.file != nil || d.target.OneVsRest
	switch first := lacksFirst(d.absent) || trained && !d.named && d.once.classes[0] == 0; {
	case first && (given || trained):
		d.notices.Add("class 0 has no samples; labels count from 0 (if these count from 1, subtract 1)")
	case given || len(d.absent) == 0:
	case first && len(d.absent) == 1:
		d.notices.Add(fmt.Sprintf("class 0 has no samples, and the network has %d outputs, one of them for it; labels count from 0 (if these count from 1, subtract 1)", largest+1))
	default:
		line := fmt.Sprintf("%s, and the network has %d outputs, one for each number; number the classes from 0 without gaps, as np.unique(labels, return_inverse=True)[1] does",
			unlabelled(d.absent), largest+1)
		if d.absent[len(d.absent)-1] == largest-1 {
			line += fmt.Sprintf(", or leave out the samples of %d if that is no class", largest)
		}
		d.notices.Add(line)
	}
}
