package tool

import (
	"errors"
	"fmt"
	"strings"

	"backdrop/formats/dataset"
)

// AdviseSizes ends an error of samples that differ in size, and that a network is to judge, with what to train. Other errors stay
// as they are, io.EOF too.
func AdviseSizes(err error) error {
	if e := (*dataset.SizesError)(nil); !errors.As(err, &e) {
		return err
	}
	return fmt.Errorf("%w; a network that is trained with --resize or --augment crop=N takes samples of different sizes", err)
}

// Advise ends an error of package dataset with the flag to try, if one would help. labels is the flag that names the file
// with the labels of this data set. Other errors stay as they are, nil too.
func Advise(err error, labels string) error {
	var e *dataset.AdvisedError
	if !errors.As(err, &e) {
		return err
	}
	join, try := "; ", ""
	x, y := strings.TrimSuffix(labels, "labels")+"x", strings.TrimSuffix(labels, "labels")+"y"
	if e.Try != "" {
		join = " or "
	}
	switch e.Advice {
	case dataset.GiveLabels:
		try = "name a .npy that has them with " + labels
	case dataset.LeaveLabels:
		try = "leave out " + labels
	case dataset.LeaveNames:
		try = fmt.Sprintf("leave out %s and %s", x, y)
	case dataset.GiveNames:
		if try = fmt.Sprintf("name them with %s and %s", x, y); e.Example[0] != "" && e.Example[1] != "" {
			try += fmt.Sprintf(", such as %s %s %s %s", x, e.Example[0], y, e.Example[1])
		}
	case dataset.GiveAxes:
		try = fmt.Sprintf("give --axes %s, or --axes %s if that is meant", e.Example[0], e.Example[1])
	case dataset.KeepSamples:
		try = "take --epochs 2 or more, with which all are read first, or name the folder that they are from"
	case dataset.AllowMemory:
		try = "allow more memory with --memory"
	case dataset.LeaveInFile:
		try = "give samples of this size in a plain tar or a .npy on disk, where they are read in place, or allow more with --memory"
	}
	return fmt.Errorf("%w%s%s", err, join, try)
}
