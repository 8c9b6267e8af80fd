package dataset

// Advice is what would help against an error if the user did it. A command knows the flag for it; this package does not.
type Advice uint8

// The advice that errors may come with.
const (
	GiveLabels  Advice = iota + 1 // name a .npy of labels (Options.Labels)
	LeaveLabels                   // do not name one
	AllowMemory                   // allow more memory (Options.Memory, Options.Limits)
	LeaveNames                    // do not name arrays of an .npz (Options.X, Options.Y)
	GiveNames                     // name them
	KeepSamples                   // keep all samples before they are used (Load)
	GiveAxes                      // say what the axes are (Options.Axes)
	LeaveInFile                   // put large samples where they can be left (Options.InPlace), or allow more memory
)

// AdvisedError is an error that comes with advice. It is a whole sentence without it.
type AdvisedError struct {
	Err    error  // what is wrong
	Try    string // what else would help, in words that end the error; "" if nothing would
	Advice Advice // what would help

	Example [2]string // with GiveNames: arrays of samples and of labels that may be meant; "" if there is none; with GiveAxes: what they look like, and what they would be taken for
}

// Error returns the error without the advice.
func (e *AdvisedError) Error() string {
	if e.Try == "" {
		return e.Err.Error()
	}
	return e.Err.Error() + "; " + e.Try
}

// Unwrap returns Err.
func (e *AdvisedError) Unwrap() error { return e.Err }
